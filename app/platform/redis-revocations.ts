/**
 * Revocations in Redis, each for the life of the longest access token: after that the token is over by itself.
 * Redis may lose or evict anything at any time. So all of it is one sorted set, subjects by the time of their
 * revocation, and with them a mark since when the set is without a gap: about a token older than that nothing can be told.
 */

import { setInterval as repeat } from 'node:timers'
import type { Redis } from 'ioredis'
import { unavailable } from '#kernel/errors.ts'
import type { Revocations } from '#kernel/revocations.ts'

export interface RedisRevocationsDeps {
  readonly redis: Pick<Redis, 'pipeline' | 'zmscore'>
  /** Put before every key. */
  readonly prefix: string
  /** Life of an access token. */
  readonly ttlSeconds: number
  /** How often the mark is renewed and what Redis did not take is tried again. */
  readonly everyMs?: number
}

const mark = 'since'
// Keeps the mark's score out of the range that is cleared as it grows old; a double holds the sum exactly.
const markOffset = 1e15

export function redisRevocations(deps: RedisRevocationsDeps): Revocations {
  const { redis, prefix, ttlSeconds, everyMs = 5_000 } = deps
  const key = `${prefix}revoked`
  // What Redis did not take; tried again until it does.
  const owed = new Map<string, number>()

  const settle = async (): Promise<void> => {
    // A second over: clocks of replicas may differ by a little.
    const oldest = Date.now() - (ttlSeconds + 1) * 1_000
    for (const [subject, at] of owed) if (at < oldest) owed.delete(subject)
    const tried = [...owed]
    const commands = redis.pipeline().zadd(key, 'NX', markOffset + Date.now(), mark)
    for (const [subject, at] of tried) commands.zadd(key, 'GT', at, subject)
    commands.zremrangebyscore(key, 0, oldest)
    const results = await commands.exec()
    const failure = results?.find(([error]) => error)?.[0]
    if (failure) throw failure
    for (const [subject, at] of tried) if (owed.get(subject) === at) owed.delete(subject)
  }
  const settleQuietly = (): void => void settle().catch(() => {})
  repeat(settleQuietly, everyMs).unref()
  settleQuietly()

  return {
    async add(subjects) {
      const at = Date.now()
      for (const subject of subjects) owed.set(subject, at)
      await settle().catch(() => {})
    },
    async isRevoked(subjects, issuedAt) {
      const scores = await redis.zmscore(key, mark, ...subjects).catch((error: unknown) => {
        throw unavailable('The list of revocations', 1, error)
      })
      const [since, ...times] = scores.map((score) => (score === null ? Number.NaN : Number(score)))
      const owedTimes = subjects.map((subject) => owed.get(subject) ?? Number.NaN)
      if ([...times, ...owedTimes].some((at) => at >= issuedAt)) return true
      const isComplete = since !== undefined && since - markOffset <= issuedAt
      if (!isComplete) throw unavailable('The list of revocations', 1)
      return false
    },
  }
}
