/** Revocations in Redis, each for the life of the longest access token: after that the token is over by itself. */

import type { Redis } from 'ioredis'
import { unavailable } from '#kernel/errors.ts'
import type { Revocations } from '#kernel/revocations.ts'

export interface RedisRevocationsDeps {
  readonly redis: Pick<Redis, 'pipeline' | 'mget'>
  /** Put before every key. */
  readonly prefix: string
  /** Life of an access token. */
  readonly ttlSeconds: number
}

export function redisRevocations({ redis, prefix, ttlSeconds }: RedisRevocationsDeps): Revocations {
  const keyOf = (subject: string): string => `${prefix}revoked:${subject}`
  return {
    async add(subjects) {
      const commands = redis.pipeline()
      // A second over: clocks of replicas and Redis may differ by a little.
      for (const subject of subjects) commands.set(keyOf(subject), Date.now(), 'EX', ttlSeconds + 1)
      await commands.exec().catch(() => {})
    },
    async isRevoked(subjects, issuedAt) {
      try {
        const times = await redis.mget(subjects.map(keyOf))
        return times.some((time) => time !== null && Number(time) >= issuedAt)
      } catch (error) {
        throw unavailable('The list of revocations', 1, error)
      }
    },
  }
}
