/** The breaker before Redis: open while it is away, closed by its first answer, and not opened by what Redis refuses. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openBreaker } from '#platform/breaker.ts'
import { guardedRedis } from '#platform/guarded-redis.ts'
import { openRedis } from '#platform/redis.ts'
import { severable } from '#tests/integration/severable.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testRedis } from '#tests/support/redis.ts'
import type { Scope } from '#tests/support/scope.ts'

async function stage(t: Scope, options: { readonly maxConcurrent?: number } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'guarded-redis-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const { url, prefix } = await testRedis(t)
  const socketPath = join(folder, 'redis.sock')
  const channel = await severable(t, socketPath, url.replace('unix://', ''))
  const breaker = openBreaker('redis', {
    subject: 'Redis',
    callTimeoutMs: 20_000,
    failureThreshold: 50,
    resetTimeoutMs: 50,
    trials: 1,
    ...options,
  })
  const redis = guardedRedis(
    openRedis({ url: `unix://${socketPath}`, timeoutMs: 10_000, name: 'guarded' }),
    breaker,
  )
  t.teardown(() => redis.disconnect())
  await eventually(t, () => redis.status === 'ready')
  return { redis, breaker, channel, key: `${prefix}key` }
}

const isRefused = (reply: Promise<unknown>): Promise<boolean> =>
  reply.then(
    () => false,
    (error: Error) => Reflect.get(error, 'code') === 'dependency_unavailable',
  )

t.test('opens while Redis is away, and closes with its first answer', async (t) => {
  const { redis, breaker, channel, key } = await stage(t)
  t.equal(await redis.set(key, '1'), 'OK')
  channel.sever()
  await eventually(t, () => isRefused(redis.get(key)))
  t.ok(breaker.totals().opened > 0)
  await channel.restore()
  await eventually(t, async () => (await redis.get(key)) === '1', { withinMs: 30_000 })
  await eventually(t, () => breaker.isClosed())
})

t.test('stays closed over what Redis refuses', async (t) => {
  const { redis, breaker, key } = await stage(t)
  await redis.set(key, 'text')
  for (let tries = 0; tries < 20; tries += 1) await t.rejects(redis.incr(key), { name: 'ReplyError' })
  t.ok(breaker.isClosed())
  t.equal(breaker.totals().failure, 0)
})

t.test('lets so many commands through at once, and the others know at once', async (t) => {
  const { redis, breaker, key } = await stage(t, { maxConcurrent: 3 })
  const replies = await Promise.allSettled(Array.from({ length: 5 }, () => redis.get(key)))
  t.strictSame(
    replies.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  )
  // A place is free a moment after its reply.
  await eventually(t, () => breaker.report().running === 0)
  t.equal(await redis.get(key), null)
})

t.test('forced open it refuses, though Redis is well', async (t) => {
  const { redis, breaker, key } = await stage(t)
  breaker.force('open')
  t.ok(await isRefused(redis.get(key)))
  breaker.force('auto')
  t.equal(await redis.get(key), null)
})
