/** The shared cache on Redis: raw bytes; the reads, claims and fills of one turn of the event loop are one call each. */

import type { Redis } from 'ioredis'
import type { CacheStore, Claim, Fill, StoredRead } from '#kernel/cache/cache.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { together } from '#kernel/together.ts'
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

interface Named {
  readonly key: string
  readonly tags: readonly string[]
}

export function redisCache(options: RedisCacheOptions): CacheStore {
  const { redis, id, timeoutMs = 150, claimMs = 3_000, versionMs = 4 * 3_600_000 } = options
  const prefix = `${options.prefix}cache:`
  const claimScript = redisScript(redis, 'cache-claim')
  const fillScript = redisScript(redis, 'cache-fill')
  const abandonScript = redisScript(redis, 'cache-abandon')
  let claims = 0

  const read = perTurn(async (asked: readonly Named[]): Promise<(StoredRead | undefined)[]> => {
    const positions = new Map<string, number>()
    const position = (name: string): number => {
      const known = positions.get(name)
      if (known !== undefined) return known
      positions.set(name, positions.size)
      return positions.size - 1
    }
    const everything = position(`${prefix}v:${EVERYTHING}`)
    const wanted = asked.map(({ key, tags }) => ({
      versions: [everything, ...tags.map((tag) => position(`${prefix}v:${tag}`))],
      entry: position(`${prefix}e:${key}`),
    }))
    const found = await within(timeoutMs, 'Reading', redis.mgetBuffer(...positions.keys()))
    const wallMs = Date.now()
    return wanted.map(({ versions, entry }) => {
      const bytes = found[entry]
      const guard = versions.map((version) => found[version]?.toString('latin1') ?? '').join(',')
      return bytes ? decodeAnswer(bytes, guard, wallMs) : undefined
    })
  })

  const claim = perTurn(async (asked: readonly (Named & { readonly token: string })[]) => {
    const each = asked.flatMap(({ token, key, tags }) => [token, 1 + tags.length, key, ...tags])
    const granted = await within(timeoutMs, 'Claiming', claimScript(prefix, claimMs, versionMs, ...each))
    return granted as string[]
  })

  const fill = perTurn(async (asked: readonly (Named & { readonly claim: Claim; readonly fill: Fill })[]) => {
    const wallMs = Date.now()
    const each = asked.flatMap(({ key, tags, claim: { token, guard }, fill }) => {
      const keptMs = Math.ceil(fill.ttlMs + fill.keepMs)
      return [token, guard, keptMs, encodeAnswer(guard, fill, wallMs), 1 + tags.length, key, ...tags]
    })
    return (await within(timeoutMs, 'Storing', fillScript(prefix, ...each))) as number[]
  })

  return {
    read: (key, tags) => read({ key, tags }),
    async lastKnown(key, tags) {
      const versions = [EVERYTHING, ...tags].flatMap((tag) => [`${prefix}v:${tag}`, `${prefix}b:${tag}`])
      const names = [`${prefix}e:${key}`, `${prefix}a:${key}`, ...versions]
      const [entry, aside, ...found] = await within(timeoutMs, 'Reading', redis.mgetBuffer(...names))
      const guard = (of: (now: number) => Buffer | null | undefined): string =>
        [EVERYTHING, ...tags].map((_, index) => of(2 * index)?.toString('latin1') ?? '').join(',')
      const guards = [guard((now) => found[now]), guard((now) => found[now + 1] ?? found[now])]
      const wallMs = Date.now()
      for (const bytes of [entry, aside])
        for (const each of guards) {
          const answer = bytes && decodeAnswer(bytes, each, wallMs)
          if (answer) return answer
        }
      return undefined
    },
    async claim(key, tags) {
      claims += 1
      const token = `${id}.${claims}`
      const granted = await claim({ key, tags, token })
      if (granted === 'held' || granted === 'written') return granted
      return { token, guard: granted.slice(1) }
    },
    fill: async (key, tags, claim, answer) => (await fill({ key, tags, claim, fill: answer })) === 1,
    async abandon(key, { token }) {
      await within(timeoutMs, 'Abandoning', abandonScript(prefix, token, key))
    },
  }
}

const perTurn = <Item, Answer>(call: (items: readonly Item[]) => Promise<readonly Answer[]>) =>
  together({ call, defer: setImmediate })
