/** One process of limiter-three-processes.test.ts: offers a steady load to its limiter and notes what was admitted when. */

import { Redis } from 'ioredis'
import { leasedLimiter } from '#kernel/limiter/limiter.ts'
import type { Policy, Verdict } from '#kernel/limiter/policy.ts'
import { redisBuckets } from '#platform/redis-buckets.ts'
import { after, monotonicMs } from '#platform/timers.ts'

export interface Notes {
  /** Milliseconds of a clock that all processes share. */
  readonly admittedAt: readonly number[]
  readonly offered: number
}

const [socketPath = '', policyText = ''] = process.argv.slice(2)
const policy: Policy = JSON.parse(policyText)
const redis = new Redis(socketPath, { retryStrategy: () => 50 })
redis.on('error', () => {})

const limiter = leasedLimiter({
  store: redisBuckets({ redis, prefix: 'test:', timeoutMs: 200 }),
  holder: `replica-${process.pid}`,
  now: monotonicMs,
  defer: setImmediate,
  after,
  liveReplicas: () => 3,
})

const admittedAt: number[] = []
let offered = 0
const note = (verdict: Verdict) => {
  if (verdict.isAllowed) admittedAt.push(performance.timeOrigin + performance.now())
}
const offer = async () => {
  offered++
  note(await limiter.take('one principal', policy, 1))
}

let load: NodeJS.Timeout | undefined
process.on('message', async (order) => {
  if (order === 'start') load = setInterval(offer, 8)
  if (order !== 'stop') return
  clearInterval(load)
  await limiter.close()
  redis.disconnect()
  const notes: Notes = { admittedAt, offered }
  process.send?.(notes, () => process.disconnect())
})
redis.once('ready', () => process.send?.('ready'))
