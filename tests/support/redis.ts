/** A key prefix of one's own in the Redis that all test files share. */

import { Redis } from 'ioredis'
import { addresses } from './addresses.ts'
import type { Scope } from './scope.ts'

export interface TestRedis {
  readonly url: string
  /** Ends in a colon; what REDIS_PREFIX holds. */
  readonly prefix: string
}

let count = 0

/** Resolves with the shared server and an unused prefix; its keys are removed when `t` ends. */
export async function testRedis(t: Scope): Promise<TestRedis> {
  const { redisUrl: url } = await addresses()
  const prefix = `test-${process.pid}-${++count}:`
  t.teardown(() => removeKeys(url, prefix))
  return { url, prefix }
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url.replace(/^unix:\/\//, ''))
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 }) as AsyncIterable<
      string[]
    >) {
      if (keys.length > 0) await redis.unlink(...keys)
    }
  } finally {
    redis.disconnect()
  }
}
