/** The registry in Redis: one hash, one script a beat that says and reads at once. Without Redis the last picture stays. */

import type { Redis } from 'ioredis'
import { type Registry, type Replica, type ReplicaReport, stateOf, unreported } from '#kernel/replicas.ts'
import { redisScript } from './redis-script.ts'

const beatEveryMs = 500
const forgottenAfterMs = 10 * 60_000

export interface RegistryOptions {
  readonly redis: Redis
  readonly prefix: string
  /** Asked once a beat: its rates are those since the beat before. */
  readonly report: () => ReplicaReport
  /** How many there should be: what is assumed until the registry was heard. */
  readonly expected: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export function redisRegistry({ redis, prefix, report, expected, now }: RegistryOptions): Registry {
  const key = `${prefix}replicas`
  const script = redisScript(redis, 'registry-beat')
  const listeners: (() => void)[] = []
  let own = report()
  let others: readonly { report: ReplicaReport; silentMs: number }[] = []
  let heardAt = Number.NEGATIVE_INFINITY
  /** From this machine's clock to the registry's. */
  let clockOffsetMs = 0
  let timer: NodeJS.Timeout | undefined

  const tell = async (): Promise<void> => {
    own = report()
    const answer = await script(key, own.instanceId, JSON.stringify(own), forgottenAfterMs)
    const [time, ...entries] = answer as [number, ...string[]]
    others = entries
      .filter((_, index) => index % 2 === 1)
      .map((entry) => parse(entry, time))
      .filter(({ report: { instanceId } }) => instanceId !== own.instanceId)
    heardAt = now()
    clockOffsetMs = time - Date.now()
  }

  const beat = async (): Promise<void> => {
    // Redis away: tried again at the next beat; what was heard last goes on being used.
    await tell().catch(() => {})
    for (const listener of listeners) listener()
  }

  const replicas = (): readonly Replica[] => {
    // While nothing is heard nobody can be called silent: the picture stays as it was, and ages only with new beats.
    const all = [...others, { report: own, silentMs: 0 }]
    return all
      .map(({ report: each, silentMs }) => ({ ...each, silentMs, state: stateOf(each, silentMs) }))
      .sort((a, b) => a.instanceId.localeCompare(b.instanceId))
  }

  return {
    replicas,
    liveReplicas: () => {
      const live = replicas().filter(({ state }) => state !== 'down').length
      return heardAt === Number.NEGATIVE_INFINITY ? Math.max(expected, live) : live
    },
    time: () => Date.now() + clockOffsetMs,
    onBeat: (listener) => {
      listeners.push(listener)
    },
    beat: () => void beat(),
    start: () => {
      void beat()
      timer = setInterval(() => void beat(), beatEveryMs)
      timer.unref()
    },
    leave: async () => {
      clearInterval(timer)
      await redis.hdel(key, own.instanceId).catch(() => {})
    },
  }
}

function parse(entry: string, time: number): { report: ReplicaReport; silentMs: number } {
  const space = entry.indexOf(' ')
  const report = { ...unreported, ...JSON.parse(entry.slice(space + 1)) }
  return { report, silentMs: time - Number(entry.slice(0, space)) }
}
