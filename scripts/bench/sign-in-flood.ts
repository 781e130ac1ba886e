/**
 * What others feel of a flood of sign-ins: argon2id costs some hundred times what a cached read does, so it must neither
 * hold the event loop nor take every core. The limits that would stop the flood are raised: it comes from everywhere.
 */

import { setTimeout as delay } from 'node:timers/promises'
import autocannon from 'autocannon'
import { demoUser, enterpriseKey } from './accounts.ts'
import { user } from './against-floor.ts'
import { median, type Target } from './compare.ts'
import { cpuMicros } from './cpu.ts'
import type { Context, Figures } from './row.ts'

const readsPerSecond = 100
const floodPerSecond = 300
/** More than all replicas together let wait (`platform/passwords.ts`): the rest is refused. */
const floodConnections = 256

interface Reads {
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU seconds of all servers in a second. */
  readonly cores: number
}

export async function underSignIns(target: Target, { rounds, scale, progress }: Context): Promise<Figures> {
  const amount = Math.max(200, Math.round(2_000 * scale))
  // As long as the reads take, and the moment it needs to be at its full rate.
  const floodSeconds = Math.ceil(amount / readsPerSecond) + 3
  const pairs: { calm: Reads; flooded: Reads }[] = []
  const answers: Record<string, number> = {}
  await reads(target, amount)
  for (let round = 1; round <= rounds; round += 1) {
    const calm = await reads(target, amount)
    const flood = signIns(target.url, floodSeconds)
    await delay(1_000)
    const flooded = await reads(target, amount)
    for (const [status, { count }] of Object.entries((await flood).statusCodeStats ?? {}))
      answers[status] = (answers[status] ?? 0) + (count ?? 0)
    pairs.push({ calm, flooded })
    progress(`round ${round} of ${rounds}: p99 ${calm.p99Ms.toFixed(1)} and ${flooded.p99Ms.toFixed(1)} ms`)
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(of))
  const got = Object.entries(answers).map(([status, count]) => `${count} × ${status}`)
  const [p50, p99] = [middle(({ calm }) => calm.p50Ms), middle(({ calm }) => calm.p99Ms)]
  const [calmCores, cores] = [middle(({ calm }) => calm.cores), middle(({ flooded }) => flooded.cores)]
  return {
    ratio: middle(({ calm, flooded }) => flooded.p99Ms / calm.p99Ms),
    p50Ms: middle(({ flooded }) => flooded.p50Ms),
    p99Ms: middle(({ flooded }) => flooded.p99Ms),
    note: `without: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms; the servers took ${cores.toFixed(2)} cores against ${calmCores.toFixed(2)}; the sign-ins got ${got.join(', ')}`,
  }
}

/** One after the other at a steady pace: each is sent when it is due, however long those before it take. */
async function reads({ url, pids }: Target, amount: number): Promise<Reads> {
  const times: number[] = []
  const before = cpuMicros(pids)
  const startedAt = performance.now()
  const open: Promise<void>[] = []
  for (let sent = 0; sent < amount; sent += 1) {
    await delay(Math.max(0, startedAt + (sent * 1_000) / readsPerSecond - performance.now()))
    open.push(read(`${url}${user}`).then((ms) => void times.push(ms)))
  }
  await Promise.all(open)
  const seconds = (performance.now() - startedAt) / 1_000
  times.sort((a, b) => a - b)
  const quantile = (q: number): number => times[Math.floor(times.length * q)] ?? Number.NaN
  return {
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    cores: (cpuMicros(pids) - before) / 1e6 / seconds,
  }
}

/** @throws {Error} where it is refused: then the figures would be of something else */
async function read(address: string): Promise<number> {
  const startedAt = performance.now()
  const answer = await fetch(address, { headers: enterpriseKey })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`GET ${address} answered ${answer.status} under the flood`)
  return performance.now() - startedAt
}

/** From a thread of its own, so that the times of the reads are not those of a busy load generator. */
const signIns = (url: string, duration: number): Promise<autocannon.Result> =>
  autocannon({
    url: `${url}/api/v1/auth/login`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...demoUser, password: 'not the password' }),
    connections: floodConnections,
    overallRate: floodPerSecond,
    duration,
    workers: 1,
  })
