/** The shared cache on Redis: raw bytes; the reads of one turn of the event loop are one call, and so are its fills. */

import type { Redis } from 'ioredis'
import type { CacheStore, Claim, Fill } from '#kernel/cache/cache.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { together } from '#kernel/together.ts'
import { redisScript } from './redis-script.ts'
import { decodeAnswer, encodeAnswer, guardOf, isAnswer } from './stored-answer.ts'

export interface RedisCacheOptions {
  /** Bounds each command itself (`redis.ts`). */
  readonly redis: Redis
  readonly prefix: string
  /** Unique to this start of this replica. */
  readonly id: string
  /** How long the right to load an answer lasts if its holder dies. */
  readonly claimMs?: number
  /** Longer than anything is stored. */
  readonly versionMs?: number
}

interface Named {
  readonly key: string
  readonly tags: readonly string[]
}

interface Asked extends Named {
  /** Empty where nothing is to be claimed. */
  readonly token: string
  readonly freshForMs: number
}

export function redisCache(options: RedisCacheOptions): CacheStore {
  const { redis, id, claimMs = 3_000, versionMs = 4 * 3_600_000 } = options
  const prefix = `${options.prefix}cache:`
  const readScript = redisScript(redis, 'cache-read', 'bytes')
  const fillScript = redisScript(redis, 'cache-fill')
  const abandonScript = redisScript(redis, 'cache-abandon')
  let claims = 0

  const ask = perTurn(async (asked: readonly Asked[]) => {
    // Freshness is judged by the reader's clock, whatever Redis thinks of the time.
    const wallMs = Date.now()
    const each = asked.flatMap(({ token, freshForMs, key, tags }) => [
      token,
      Math.max(0, Math.ceil(wallMs + freshForMs)),
      1 + tags.length,
      key,
      ...tags,
    ])
    return (await readScript(prefix, claimMs, versionMs, ...each)) as Buffer[]
  })

  const fill = perTurn(async (asked: readonly (Named & { readonly claim: Claim; readonly fill: Fill })[]) => {
    const wallMs = Date.now()
    const each = asked.flatMap(({ key, tags, claim: { token, guard }, fill }) => {
      const keptMs = Math.ceil(fill.ttlMs + fill.keepMs)
      return [token, guard, keptMs, encodeAnswer(guard, fill, wallMs), 1 + tags.length, key, ...tags]
    })
    return (await fillScript(prefix, ...each)) as number[]
  })

  // A server that only paused carries out what it was sent: a claim that nobody knows of would hold up the others.
  const abandonLater = (key: string, token: string): void => {
    setTimeout(() => abandonScript(prefix, token, key).catch(() => {}), afterThePauseMs).unref()
  }

  return {
    async read(key, tags) {
      const answer = await ask({ key, tags, token: '', freshForMs: Number.MIN_SAFE_INTEGER })
      return isAnswer(answer) ? decodeAnswer(answer, Date.now()) : undefined
    },
    async readOrClaim(key, tags, freshForMs) {
      claims += 1
      const token = `${id}.${claims}`
      const answer = await ask({ key, tags, token, freshForMs }).catch((failure: Error) => {
        if (failure.message === 'Command timed out') abandonLater(key, token)
        throw failure
      })
      const claimed = claimOf(answer)
      if (claimed === undefined) return decodeAnswer(answer, Date.now())
      return claimed.startsWith('=') ? { token, guard: claimed.slice(1) } : (claimed as 'held' | 'written')
    },
    async lastKnown(key, tags) {
      const versions = [EVERYTHING, ...tags].flatMap((tag) => [`${prefix}v:${tag}`, `${prefix}b:${tag}`])
      const names = [`${prefix}e:${key}`, `${prefix}a:${key}`, ...versions]
      const [entry, aside, ...found] = await redis.mgetBuffer(...names)
      const guard = (of: (now: number) => Buffer | null | undefined): string =>
        [EVERYTHING, ...tags].map((_, index) => of(2 * index)?.toString('latin1') ?? '').join(',')
      const guards = [guard((now) => found[now]), guard((now) => found[now + 1] ?? found[now])]
      const stored = [entry, aside].find((bytes) => bytes && guards.some((guard) => guard === guardOf(bytes)))
      return stored ? decodeAnswer(stored, Date.now()) : undefined
    },
    fill: async (key, tags, claim, answer) => (await fill({ key, tags, claim, fill: answer })) === 1,
    async abandon(key, { token }) {
      await abandonScript(prefix, token, key)
    },
  }
}

/** Commands are refused for 250 ms after one that got no answer (redis-pause.ts). */
const afterThePauseMs = 400

/** What the script says where it has no answer: `=` and the versions, or who is in the way. */
const claimOf = (bytes: Buffer): string | undefined =>
  isAnswer(bytes) ? undefined : bytes.toString('latin1')

const perTurn = <Item, Answer>(call: (items: readonly Item[]) => Promise<readonly Answer[]>) =>
  together({ call, defer: setImmediate })
