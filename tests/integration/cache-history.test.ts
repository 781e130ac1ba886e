/**
 * Three replicas read and write the same few keys while processes freeze, Redis restarts and channels are cut; then the
 * whole history is checked: no read that began after a write was acknowledged saw an older value (P3).
 */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startRedis } from '#scripts/engine/redis-server.ts'
import type { Scope } from '#tests/support/scope.ts'
import {
  type FromReplica,
  type Operation,
  type Settings,
  staleReads,
  type ToReplica,
} from './cache-history-protocol.ts'
import { type Channel, cutChannel } from './cut-channel.ts'

interface Cluster {
  readonly replicas: readonly ChildProcess[]
  readonly channels: readonly Channel[]
  /** Kills it and starts another in its place. */
  killReplica(index: number): Promise<void>
  redisPid(): number
  restartRedis(): Promise<void>
  /** Waits until this many more writes are acknowledged. */
  writes(count: number): Promise<void>
  /** Reported until now. */
  readonly seen: readonly Operation[]
  /** Ends the load and returns everything that was seen. */
  history(): Promise<readonly Operation[]>
}

const keys = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => `item:${id}`)

async function openCluster(
  t: Scope,
  options: { readonly ttlMs: number; readonly trustMs?: number },
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-history-'))
  const redisOptions = {
    directory: join(folder, 'redis'),
    socketPath: join(folder, 'redis.sock'),
    logFile: join(folder, 'redis.log'),
  }
  let redis = await startRedis(redisOptions)
  t.teardown(async () => {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const truth = new Map(keys.map((key) => [key, 0]))
  const history: Operation[] = []
  const waiting: { writes: number; resolve: () => void }[] = []
  let writes = 0
  const announcements = new Map<number, () => void>()
  let announced = 0

  const tell = (replica: ChildProcess, message: ToReplica): void => {
    if (replica.connected) replica.send(message, () => {})
  }
  // The truth takes a moment before and after it changes, as a database does.
  const later = (run: () => void): void => void setTimeout(run, Math.random() * 4)

  function receive(from: ChildProcess, message: FromReplica): void {
    if ('operations' in message) {
      history.push(...message.operations)
      writes += message.operations.filter(({ kind }) => kind === 'write').length
      for (const wait of waiting.filter((wait) => wait.writes <= writes)) wait.resolve()
    } else if ('relayed' in message) announcements.get(message.relayed)?.()
    else {
      const { ask, what } = message
      const answer = (value: number): void => tell(from, { answer: ask, value })
      if (what.kind === 'catch-up') answer(0)
      else if (what.kind === 'announce') {
        announced += 1
        announcements.set(announced, () => answer(0))
        for (const other of replicas) {
          if (other !== from) tell(other, { announced: what.names, announcement: announced })
        }
      } else {
        later(() => {
          const version = (truth.get(what.key) ?? 0) + (what.kind === 'write' ? 1 : 0)
          truth.set(what.key, version)
          later(() => answer(version))
        })
      }
    }
  }

  const channels = await Promise.all(
    ['a', 'b', 'c'].map((id) => cutChannel(t, join(folder, `${id}.sock`), redisOptions.socketPath)),
  )
  let started = 0
  const start = ({ socketPath }: Channel): ChildProcess => {
    started += 1
    const settings: Settings = { id: `r${started}`, socketPath, prefix: 'history:', keys, ...options }
    const replica = fork(join(import.meta.dirname, 'cache-history-replica.ts'), [JSON.stringify(settings)])
    replica.on('message', (message: FromReplica) => receive(replica, message))
    t.teardown(() => replica.kill('SIGKILL'))
    return replica
  }
  const replicas = channels.map(start)

  return {
    replicas,
    channels,
    async killReplica(index) {
      const [replica, channel] = [replicas[index], channels[index]]
      if (!replica || !channel) throw new Error(`There is no replica ${index}`)
      replica.kill('SIGKILL')
      await once(replica, 'exit')
      replicas[index] = start(channel)
    },
    seen: history,
    redisPid: () => redis.pid,
    async restartRedis() {
      process.kill(redis.pid, 'SIGKILL')
      await redis.stop()
      redis = await startRedis(redisOptions)
    },
    writes: (count) => new Promise((resolve) => waiting.push({ writes: writes + count, resolve })),
    async history() {
      const ended = replicas.map((replica) => once(replica, 'exit'))
      for (const replica of replicas) tell(replica, { end: true })
      await Promise.all(ended)
      return history
    },
  }
}

const describe = (history: readonly Operation[]): string => {
  const ways = Object.entries(Object.groupBy(history, ({ via }) => via ?? 'write'))
  return ways.map(([way, of]) => `${way}: ${of?.length}`).join(', ')
}

async function freeze(cluster: Cluster, pid: number | undefined): Promise<void> {
  process.kill(pid ?? 0, 'SIGSTOP')
  await cluster.writes(10)
  process.kill(pid ?? 0, 'SIGCONT')
  await cluster.writes(10)
}

async function cut(cluster: Cluster, channel: Channel | undefined): Promise<void> {
  channel?.cut()
  await cluster.writes(10)
  channel?.mend()
  await cluster.writes(10)
}

t.test('no read sees an older value than one acknowledged before it began', async (t) => {
  // Short, so that expiry, early refresh and stale answers are part of the history.
  const cluster = await openCluster(t, { ttlMs: 300 })
  await cluster.writes(20)
  for (let round = 0; round < 2; round += 1) {
    for (const { pid } of cluster.replicas) await freeze(cluster, pid)
    for (const channel of cluster.channels) await cut(cluster, channel)
    await freeze(cluster, cluster.redisPid())
    await cluster.restartRedis()
    await cluster.writes(20)
    await cluster.killReplica(round)
    await cluster.writes(20)
  }
  const history = await cluster.history()
  t.comment(describe(history))
  t.strictSame(staleReads(history), [])
  t.ok(history.some(({ via }) => via === 'hit l1'))
  t.ok(history.some(({ via }) => via === 'hit l2'))
})

t.test('the same faults are noticed when replicas trust their copies without end', async (t) => {
  const cluster = await openCluster(t, { ttlMs: 60_000, trustMs: 3_600_000 })
  await cluster.writes(20)
  let cuts = 0
  for (; cuts < 12 && staleReads(cluster.seen).length === 0; cuts += 1) {
    await cut(cluster, cluster.channels[cuts % 3])
  }
  const history = await cluster.history()
  t.comment(`${cuts} cuts; ${describe(history)}`)
  t.ok(staleReads(history).length > 0)
})
