/** Buckets in Redis: one Lua script call per bucket, all of one settlement in one pipeline. */

import type { Redis } from 'ioredis'
import type { Ask, BucketStore, Grant } from '#kernel/limiter/bucket-store.ts'
import { isUnknownScript, readScript as readScriptFile, type Script, scriptOf } from './redis-script.ts'
import { within } from './within.ts'

export interface RedisBucketsOptions {
  readonly redis: Redis
  readonly prefix: string
  /** An answer that takes longer counts as none. */
  readonly timeoutMs: number
  /** How long a lease lasts at Redis. */
  readonly leaseMs?: number
  readonly readScript?: (name: ScriptName) => string
}

type ScriptName = 'token-bucket' | 'sliding-window'

// Apart: where the algorithm of a policy is changed, replicas with the old and the new one run side by side for a while,
// and each script would take the leases of the other for its own.
const kept: Readonly<Record<ScriptName, string>> = { 'token-bucket': 'bucket', 'sliding-window': 'window' }

export function redisBuckets(options: RedisBucketsOptions): BucketStore {
  const { redis, prefix, timeoutMs, leaseMs = 5_000, readScript = readScriptFile } = options
  const scripts = {
    'token-bucket': scriptOf(readScript('token-bucket')),
    'sliding-window': scriptOf(readScript('sliding-window')),
  }
  type Call = readonly [script: Script, key: string, ...values: (string | number)[]]

  const callOf = (holder: string, ask: Ask): Call => {
    const { policy, outage } = ask
    const { name, capacity, refillPerSecond, windowSeconds, algorithm = 'token-bucket' } = policy
    return [
      scripts[algorithm],
      `${prefix}${kept[algorithm]}:${name}:${ask.key}`,
      holder,
      ...[ask.base, ask.ticket, ask.spent, ask.back, ask.want],
      ...[capacity, refillPerSecond, windowSeconds * 1_000, leaseMs],
      ...[outage?.lostAgoMs ?? -1, outage?.foundAgoMs ?? -1, ask.ownTokens],
      ...ask.needs.flatMap(({ cost, count, isHeld }) => [cost, count, isHeld ? 1 : 0]),
    ]
  }

  const send = async (calls: readonly Call[]): Promise<unknown[]> => {
    const [only] = calls
    if (only !== undefined && calls.length === 1) {
      const [{ digest }, ...rest] = only
      return [await redis.evalsha(digest, 1, ...rest).catch(withoutScript)]
    }
    const pipeline = redis.pipeline()
    for (const [{ digest }, ...rest] of calls) pipeline.evalsha(digest, 1, ...rest)
    const replies = (await pipeline.exec()) ?? []
    return replies.map(([error, reply]) => (error ? withoutScript(error) : reply))
  }

  const settle = async (calls: readonly Call[]): Promise<Grant[]> => {
    const replies = await send(calls)
    const missing = calls.map(async ([{ lua }, ...rest], index) => {
      const reply = replies[index]
      return grantOf(reply === noScript ? await redis.eval(lua, 1, ...rest) : reply)
    })
    return Promise.all(missing)
  }

  return {
    settle: async (holder, asks) => {
      // ioredis would keep the commands until it is connected again: too late for anyone who waits.
      if (redis.status !== 'ready') throw new Error(`Redis is ${redis.status}`)
      if (asks.length > 0)
        return within(timeoutMs, 'Settling', settle(asks.map((ask) => callOf(holder, ask))))
      await within(timeoutMs, 'Asking', redis.ping())
      return []
    },
    onLoss: (lost) => {
      redis.on('close', lost)
    },
  }
}

const noScript = Symbol('NOSCRIPT')

function withoutScript(error: Error): typeof noScript {
  if (isUnknownScript(error)) return noScript
  throw error
}

function grantOf(reply: unknown): Grant {
  const [known = 0, leased = 0, left = 0, leaseMs = 0, waitMs = 0, ...admitted] = reply as number[]
  return { isRepeated: known < 0, isLeaseKnown: known > 0, admitted, leased, left, leaseMs, waitMs }
}
