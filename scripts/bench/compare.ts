/** The measurement itself: two sides alive together and loaded in turn, A B A B, and the median of what the rounds say. */

import { cpuMicros } from './cpu.ts'
import { type LoadResult, load, type Request, type Volume } from './load.ts'

/** A running system under load: who answers, and whose CPU counts. */
export interface Target {
  readonly name: string
  readonly url: string
  /** Its processes; those below them count as well. */
  readonly pids: readonly number[]
}

export interface Side extends Volume {
  readonly target: Target
  readonly request: Request
}

export interface Comparison {
  readonly ratio: number
  readonly cpuMicros: number
  readonly floorCpuMicros: number
  readonly rps: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Round extends LoadResult {
  readonly cpuMicros: number
}

// V8 goes on optimising for a while, in threads that count: an uncached GET took 334 µs of node after 24,000 requests, of
// which compilers had 105, and 146 after 60,000. What is asked for is the cost of a system that runs, not of one that starts.
const warmUpRequests = 60_000
/** For both sides together. */
const warmUpMs = 40_000

export async function compare(
  subject: Side,
  reference: Side,
  rounds: number,
  progress: (text: string) => void,
): Promise<Comparison> {
  progress(`warming ${reference.target.name} and ${subject.target.name}`)
  await warmUp([reference, subject])
  const pairs: { ours: Round; theirs: Round }[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const theirs = await measured(reference)
    const ours = await measured(subject)
    pairs.push({ ours, theirs })
    progress(`round ${round} of ${rounds}: ${(ours.cpuMicros / theirs.cpuMicros).toFixed(3)}`)
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(of))
  return {
    // Paired: what drifts between the rounds, drifts for both.
    ratio: middle(({ ours, theirs }) => ours.cpuMicros / theirs.cpuMicros),
    cpuMicros: middle(({ ours }) => ours.cpuMicros),
    floorCpuMicros: middle(({ theirs }) => theirs.cpuMicros),
    rps: middle(({ ours }) => ours.requests / ours.seconds),
    p50Ms: middle(({ ours }) => ours.p50Ms),
    p99Ms: middle(({ ours }) => ours.p99Ms),
  }
}

/** In turn as well: the side that was warmed first and then stood idle came out 7 % dearer, whichever it was. */
async function warmUp(sides: readonly Side[]): Promise<void> {
  const until = performance.now() + warmUpMs
  const amount = Math.min(...sides.map((side) => side.amount))
  for (let sent = 0; sent < warmUpRequests && performance.now() < until; sent += amount) {
    for (const side of sides) await load(side.target.url, side.request, { ...side, amount })
  }
}

async function measured(side: Side): Promise<Round> {
  const before = cpuMicros(side.target.pids)
  let after = before
  const result = await load(side.target.url, side.request, side, () => {
    after = cpuMicros(side.target.pids)
  })
  return { ...result, cpuMicros: (after - before) / result.requests }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}
