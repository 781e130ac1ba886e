/** The shared cache on Redis: raw bytes, one MGET per turn of the event loop for every read of that turn. */

import type { Redis } from 'ioredis'
import type { CacheStore, StoredRead } from '#kernel/cache/cache.ts'
import { EVERYTHING } from '#kernel/coherence.ts'
import { perTurn } from '#kernel/turn.ts'
import { redisScript } from './redis-script.ts'
import { decodeAnswer, encodeAnswer } from './stored-answer.ts'
import { within } from './within.ts'

export interface RedisCacheOptions {
  readonly redis: Redis
  readonly prefix: string
  /** Unique to this start of this replica. */
  readonly id: string
  readonly timeoutMs?: number
  /** How long the right to load an answer lasts if its holder dies. */
  readonly claimMs?: number
  /** Longer than anything is stored. */
  readonly versionMs?: number
}

interface Asked {
  readonly key: string
  readonly tags: readonly string[]
  readonly resolve: (read: StoredRead | undefined) => void
  readonly reject: (failure: unknown) => void
}

export function redisCache(options: RedisCacheOptions): CacheStore {
  const { redis, id, timeoutMs = 150, claimMs = 3_000, versionMs = 4 * 3_600_000 } = options
  const prefix = `${options.prefix}cache:`
  const claimScript = redisScript(redis, 'cache-claim')
  const fillScript = redisScript(redis, 'cache-fill')
  const abandonScript = redisScript(redis, 'cache-abandon')
  let claims = 0

  const readTogether = perTurn<Asked>(setImmediate, (asked) => {
    const positions = new Map<string, number>()
    const position = (name: string): number => {
      const known = positions.get(name)
      if (known !== undefined) return known
      positions.set(name, positions.size)
      return positions.size - 1
    }
    const everything = position(`${prefix}v:${EVERYTHING}`)
    const wanted = asked.map((ask) => ({
      ...ask,
      versions: [everything, ...ask.tags.map((tag) => position(`${prefix}v:${tag}`))],
      entry: position(`${prefix}e:${ask.key}`),
    }))
    within(timeoutMs, 'Reading', redis.mgetBuffer(...positions.keys())).then(
      (found) => {
        const wallMs = Date.now()
        for (const { versions, entry, resolve } of wanted) {
          const bytes = found[entry]
          const guard = versions.map((version) => found[version]?.toString('latin1') ?? '').join(',')
          resolve(bytes ? decodeAnswer(bytes, guard, wallMs) : undefined)
        }
      },
      (failure) => {
        for (const { reject } of wanted) reject(failure)
      },
    )
  })

  return {
    read: (key, tags) => new Promise((resolve, reject) => readTogether({ key, tags, resolve, reject })),
    async claim(key, tags) {
      claims += 1
      const token = `${id}.${claims}`
      const granted = await within(
        timeoutMs,
        'Claiming',
        claimScript(prefix, token, claimMs, versionMs, key, ...tags),
      )
      if (granted === 'held' || granted === 'written') return granted
      return { token, guard: String(granted).slice(1) }
    },
    async fill(key, tags, { token, guard }, fill) {
      const keptMs = Math.ceil(fill.ttlMs + fill.keepMs)
      const bytes = encodeAnswer(guard, fill, Date.now())
      const call = fillScript(prefix, token, guard, keptMs, bytes, key, ...tags)
      return (await within(timeoutMs, 'Storing', call)) === 1
    },
    async abandon(key, { token }) {
      await within(timeoutMs, 'Abandoning', abandonScript(prefix, token, key))
    },
  }
}
