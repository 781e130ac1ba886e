/** What one row of the benchmark is, and what it comes to. */

import type { BenchStacks } from './stacks.ts'

export interface Figures {
  /** The row's own figure: smaller is better. */
  readonly ratio: number
  readonly cpuMicros?: number
  readonly floorCpuMicros?: number
  readonly rps?: number
  readonly p50Ms?: number
  readonly p99Ms?: number
  /** Less the calls of an idle fleet. */
  readonly redisCallsPerRequest?: number
  /** Those calls: heartbeats, the registry, the invalidation bus. */
  readonly idleCallsPerSecond?: number
  /** What a reader of the figure must know besides. */
  readonly note?: string
}

export interface Result extends Figures {
  readonly name: string
  readonly work: string
  readonly goal: number | undefined
}

export interface Context {
  readonly stacks: BenchStacks
  readonly rounds: number
  /** Multiplies every number of requests. */
  readonly scale: number
  readonly progress: (text: string) => void
}

export interface Row {
  readonly name: string
  /** In a few words, with what it is compared to. */
  readonly work: string
  /** The ratio aimed at (docs/performance.md); undefined where a row only tells how a cost grows. */
  readonly goal: number | undefined
  measure(context: Context): Promise<Figures>
}
