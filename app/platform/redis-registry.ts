/** The registry in Redis: one hash, one script a beat that says and reads at once. Without Redis the last picture stays. */

import type { Redis } from 'ioredis'
import { type Registry, type Replica, type ReplicaReport, stateOf } from '#kernel/replicas.ts'
import { redisScript } from './redis-script.ts'

const beatEveryMs = 500
const forgottenAfterMs = 10 * 60_000

export interface RegistryOptions {
  readonly redis: Redis
  readonly prefix: string
  readonly report: () => ReplicaReport
  /** How many there should be: what is assumed until the registry was heard. */
  readonly expected: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export function redisRegistry({ redis, prefix, report, expected, now }: RegistryOptions): Registry {
  const key = `${prefix}replicas`
  const script = redisScript(redis, 'registry-beat')
  let others: readonly { report: ReplicaReport; silentMs: number }[] = []
  let heardAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const beat = async (): Promise<void> => {
    const own = report()
    const answer = await script(key, own.instanceId, JSON.stringify(own), forgottenAfterMs)
    const [time, ...entries] = answer as [number, ...string[]]
    others = entries
      .filter((_, index) => index % 2 === 1)
      .map((entry) => parse(entry, time))
      .filter(({ report: { instanceId } }) => instanceId !== own.instanceId)
    heardAt = now()
  }

  const replicas = (): readonly Replica[] => {
    // While nothing is heard nobody can be called silent: the picture stays as it was, and ages only with new beats.
    const all = [...others, { report: report(), silentMs: 0 }]
    return all
      .map(({ report: each, silentMs }) => ({ ...each, state: stateOf(each, silentMs) }))
      .sort((a, b) => a.instanceId.localeCompare(b.instanceId))
  }

  return {
    replicas,
    liveReplicas: () => {
      const live = replicas().filter(({ state }) => state !== 'down').length
      return heardAt === Number.NEGATIVE_INFINITY ? Math.max(expected, live) : live
    },
    start: () => {
      const again = (): void => {
        // Redis away: tried again at the next beat; what was heard last goes on being used.
        beat().catch(() => {})
      }
      again()
      timer = setInterval(again, beatEveryMs)
      timer.unref()
    },
    leave: async () => {
      clearInterval(timer)
      await redis.hdel(key, report().instanceId).catch(() => {})
    },
  }
}

function parse(entry: string, time: number): { report: ReplicaReport; silentMs: number } {
  const space = entry.indexOf(' ')
  return { report: JSON.parse(entry.slice(space + 1)), silentMs: time - Number(entry.slice(0, space)) }
}
