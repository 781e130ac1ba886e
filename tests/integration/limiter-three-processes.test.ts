/** Three real processes, one real Redis: saturated, killed under load, started again empty, saturated once more. */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import type { Policy } from '#kernel/limiter/policy.ts'
import { startRedis } from '#scripts/engine/redis-server.ts'
import { worstWindow } from '#tests/support/limiter-fleet.ts'
import type { Notes } from './limiter-replica.ts'

const policy: Policy = { name: 'p', capacity: 50, refillPerSecond: 20, windowSeconds: 3 }
const folder = mkdtempSync(join(tmpdir(), 'sluice-limiter-'))
const socketPath = join(folder, 'redis.sock')
const start = () =>
  startRedis({ directory: join(folder, 'redis'), socketPath, logFile: join(folder, 'redis.log') })

async function openReplica(): Promise<ChildProcess> {
  const replica = fork(join(import.meta.dirname, 'limiter-replica.ts'), [socketPath, JSON.stringify(policy)])
  t.teardown(() => replica.kill('SIGKILL'))
  await once(replica, 'message')
  return replica
}

async function notesOf(replica: ChildProcess): Promise<Notes> {
  const answered = once(replica, 'message') as Promise<[Notes]>
  replica.send('stop')
  return (await answered)[0]
}

/** What answers travel: a token is spent where Redis says so, and noted when the process hears of it. */
const onTheWay = policy.refillPerSecond * 0.2

t.teardown(() => rmSync(folder, { recursive: true, force: true }))

t.test('the bound holds over three processes, and a killed Redis adds at most one capacity', async (t) => {
  const first = await start()
  const replicas = await Promise.all([openReplica(), openReplica(), openReplica()])
  const beganAt = Date.now()
  for (const replica of replicas) replica.send('start')
  // The load is a stretch of time by nature: three phases of it.
  await pass(4_000)
  const killedAt = Date.now()
  process.kill(first.pid, 'SIGKILL')
  await pass(1_500)
  const second = await start()
  const backAt = Date.now()
  await pass(3_000)
  const notes = await Promise.all(replicas.map(notesOf))
  const redis = new Redis(socketPath)
  const commands = await redis.info('commandstats')
  const left = await redis.hgetall('test:bucket:p:one principal')
  redis.disconnect()
  await second.stop()

  const history = notes.flatMap(({ admittedAt }) => admittedAt.map((at) => ({ at, cost: 1 })))
  const before = history.filter(({ at }) => at < killedAt)
  const during = history.filter(({ at }) => at >= killedAt && at < backAt)
  const offered = notes.reduce((sum, note) => sum + note.offered, 0)
  const bound = policy.capacity + (policy.refillPerSecond * (killedAt - beganAt)) / 1_000
  t.comment(
    `offered ${offered}; admitted ${before.length} of ${bound.toFixed(1)} before, ${during.length} without Redis, ` +
      `${history.length} in all; worst window ${worstWindow(history, policy.refillPerSecond).toFixed(1)}`,
  )
  t.ok(worstWindow(before, policy.refillPerSecond) <= policy.capacity + onTheWay)
  t.ok(before.length >= 0.95 * bound, 'at least 95 % of what may pass does')
  t.ok(during.length > 0, 'requests pass without Redis')
  t.ok(worstWindow(history, policy.refillPerSecond) <= 2 * policy.capacity + onTheWay)
  t.match(commands, /cmdstat_eval/, 'the new Redis is asked again')
  t.strictSame(Object.keys(left).sort(), ['at', 'tokens'], 'closing gave every lease back')
})
