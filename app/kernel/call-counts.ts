/** What happened to calls of one dependency, by kind, in typed arrays: counted at each call, read at a scrape or a beat. */

import { bucketOf, latencyBoundsMs } from './histogram.ts'

export interface CallKindCounts {
  readonly kind: string
  /** As `latencyBoundsMs`, and one more for everything longer. */
  readonly durations: Float64Array
  durationSumMs: number
  errors: number
}

export interface CallTotals {
  readonly calls: number
  readonly errors: number
  readonly durations: Float64Array
}

/** More kinds than that are one, `other`: whatever names them must not grow without bound. */
const maxKinds = 40
const bucketCount = latencyBoundsMs.length + 1

export class CallCounts {
  readonly #kinds = new Map<string, CallKindCounts>()
  /** Under way now. */
  running = 0

  /** `kinds` are there from the start, at 0. */
  constructor(kinds: readonly string[] = []) {
    for (const kind of kinds) this.#of(kind)
  }

  started(): void {
    this.running += 1
  }

  finished(kind: string, durationMs: number, hasFailed: boolean): void {
    this.running -= 1
    this.counted(kind, durationMs, hasFailed)
  }

  /** A part of a call that counts as running already. */
  counted(kind: string, durationMs: number, hasFailed: boolean): void {
    const counts = this.#of(kind)
    const bucket = bucketOf(durationMs)
    counts.durations[bucket] = (counts.durations[bucket] as number) + 1
    counts.durationSumMs += durationMs
    if (hasFailed) counts.errors += 1
  }

  get kinds(): readonly CallKindCounts[] {
    return [...this.#kinds.values()]
  }

  /** Over all kinds but `without`, since the start. */
  totals(without?: string): CallTotals {
    const durations = new Float64Array(bucketCount)
    let calls = 0
    let errors = 0
    for (const counts of this.#kinds.values()) {
      if (counts.kind === without) continue
      errors += counts.errors
      for (const [bucket, count] of counts.durations.entries()) {
        calls += count
        durations[bucket] = (durations[bucket] as number) + count
      }
    }
    return { calls, errors, durations }
  }

  #of(kind: string): CallKindCounts {
    const known = this.#kinds.get(kind)
    if (known !== undefined) return known
    if (this.#kinds.size >= maxKinds && kind !== 'other') return this.#of('other')
    const counts = { kind, durations: new Float64Array(bucketCount), durationSumMs: 0, errors: 0 }
    this.#kinds.set(kind, counts)
    return counts
  }
}
