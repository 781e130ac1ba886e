/** The registry in Redis: one hash, one script a beat that says and reads at once. Without Redis the last picture stays. */

import type { Redis } from 'ioredis'
import { unavailable } from '#kernel/errors.ts'
import { type Registry, type Replica, type ReplicaReport, stateOf, unreported } from '#kernel/replicas.ts'
import { type HeardWish, KnownWishes } from '#kernel/wishes.ts'
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
  /** Is told what a listener threw: the others are called all the same, and the process stays. */
  readonly failed: (error: unknown) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export function redisRegistry(options: RegistryOptions): Registry {
  const { redis, prefix, report, expected, failed, now } = options
  const key = `${prefix}replicas`
  const wishKey = `${prefix}wishes`
  const script = redisScript(redis, 'registry-beat')
  const listeners: (() => void)[] = []
  const wishes = new KnownWishes(now)
  let own = report()
  let others: readonly { report: ReplicaReport; silentMs: number }[] = []
  let heardAt = Number.NEGATIVE_INFINITY
  /** Whether the last beat got through. Before the first there is nobody who could be called silent. */
  let hasHeard = true
  /** From this machine's clock to the registry's. */
  let clockOffsetMs = 0
  let timer: NodeJS.Timeout | undefined

  const tell = async (): Promise<void> => {
    own = report()
    const answer = await script(key, own.instanceId, JSON.stringify(own), forgottenAfterMs, wishKey)
    const [time, entries, heard] = answer as [number, string[], (string | number)[]]
    others = entries
      .filter((_, index) => index % 2 === 1)
      .flatMap((entry) => parse(entry, time) ?? [])
      .filter(({ report: { instanceId } }) => instanceId !== own.instanceId)
    wishes.hear(threes(heard))
    heardAt = now()
    clockOffsetMs = time - Date.now()
  }

  const beat = async (): Promise<void> => {
    // Redis away: tried again at the next beat; what was heard last goes on being used.
    await tell().then(
      () => {
        hasHeard = true
      },
      () => {
        hasHeard = false
      },
    )
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        failed(error)
      }
    }
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
    own: () => own,
    unheardMs: () => (hasHeard ? 0 : now() - heardAt),
    liveReplicas: () => {
      const live = replicas().filter(({ state }) => state !== 'down').length
      return heardAt === Number.NEGATIVE_INFINITY ? Math.max(expected, live) : live
    },
    time: () => Date.now() + clockOffsetMs,
    onBeat: (listener) => {
      listeners.push(listener)
    },
    beat,
    wish: (name) => wishes.of(name),
    makeWish: async (name, value, forMs) => {
      const until = Math.round(Date.now() + clockOffsetMs + forMs)
      await told(redis.hset(wishKey, name, `${until} ${value}`))
    },
    takeBack: async (name) => {
      await told(redis.hdel(wishKey, name))
    },
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

/** What cannot be told to all is not done by one alone. */
const told = (command: Promise<unknown>): Promise<unknown> =>
  command.catch((cause: unknown) => {
    throw unavailable('The registry of replicas', 1, cause)
  })

const threes = (heard: readonly (string | number)[]): HeardWish[] =>
  Array.from({ length: heard.length / 3 }, (_, index) => ({
    name: String(heard[index * 3]),
    leftMs: Number(heard[index * 3 + 1]),
    value: String(heard[index * 3 + 2]),
  }))

/** Undefined for what no replica tells. */
function parse(entry: string, time: number): { report: ReplicaReport; silentMs: number } | undefined {
  const space = entry.indexOf(' ')
  try {
    const told: unknown = JSON.parse(entry.slice(space + 1))
    if (!isReport(told)) return undefined
    return { report: { ...unreported, ...told }, silentMs: time - Number(entry.slice(0, space)) }
  } catch {
    return undefined
  }
}

/** What all releases tell; figures that one of them does not are made up for (`unreported`). */
const texts = ['instanceId', 'version', 'startedAt', 'state', 'address']

const isReport = (told: unknown): told is ReplicaReport =>
  typeof told === 'object' &&
  told !== null &&
  texts.every((name) => typeof Reflect.get(told, name) === 'string')
