/** The traces worth keeping of one replica: the failed, the slow, and a sample of all others; the latest of each. */

import type { Trace } from './trace.ts'
import { isSampled } from './trace-context.ts'

export const keptBecause = ['failed', 'slow', 'sampled'] as const
export type KeptBecause = (typeof keptBecause)[number]

/** What is known of a request at its end. */
export interface TracedRequest {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly tier: string
  readonly errorCode: string | undefined
}

export interface KeptTrace {
  readonly trace: Trace
  readonly request: TracedRequest
  readonly because: KeptBecause
  /** Unix milliseconds. */
  readonly startedAt: number
}

/** What the rooms of a request tell. */
export interface RequestTracing {
  open(startedAt: number, traceparent: string | undefined, requestId: string): Trace
  /** From here on what is done belongs to the request. */
  enter(trace: Trace): void
  /** `route`: its index in the counts. */
  finish(trace: Trace, request: TracedRequest, route: number): void
}

export interface KeptTracesOptions {
  readonly samplePercent: number
  readonly slowMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly maxNotable?: number
  readonly maxSampled?: number
  /** When everything fails, the first so many of each second say what there is to say. */
  readonly maxPerSecond?: number
}

export class KeptTraces {
  readonly #options: KeptTracesOptions
  readonly #notable: Ring
  readonly #sampled: Ring
  readonly counts: Record<KeptBecause, number> = { failed: 0, slow: 0, sampled: 0 }
  /** Worth keeping, but too many at once. */
  dropped = 0

  constructor(options: KeptTracesOptions) {
    const { maxNotable = 200, maxSampled = 100, maxPerSecond = 50 } = options
    this.#options = options
    this.#notable = new Ring(maxNotable, maxPerSecond)
    // Of its own: callers who sample everything must not crowd out what failed.
    this.#sampled = new Ring(maxSampled, maxPerSecond)
  }

  /** Undefined for what nobody will ask for, as most is. `startedAt`: Unix milliseconds. */
  keep(trace: Trace, request: TracedRequest, startedAt: number): KeptTrace | undefined {
    const because = this.#why(trace, request)
    if (because === undefined) return undefined
    const kept = { trace, request, because, startedAt }
    const ring = because === 'sampled' ? this.#sampled : this.#notable
    if (!ring.add(kept, this.#options.now())) {
      this.dropped += 1
      return undefined
    }
    this.counts[because] += 1
    return kept
  }

  /** The latest first. */
  notable(): KeptTrace[] {
    return this.#notable.traces.toReversed()
  }

  /** One trace may hold several requests: its caller's others too. */
  of(traceId: string): KeptTrace[] {
    return [...this.#notable.traces, ...this.#sampled.traces].filter(({ trace }) => trace.id === traceId)
  }

  #why(trace: Trace, { status, durationMs }: TracedRequest): KeptBecause | undefined {
    if (status >= 500) return 'failed'
    if (durationMs >= this.#options.slowMs) return 'slow'
    const { samplePercent } = this.#options
    return isSampled(trace.id, samplePercent) || trace.context?.isSampled ? 'sampled' : undefined
  }
}

/** The latest few, and no more than so many of one second. */
class Ring {
  readonly traces: KeptTrace[] = []
  readonly #max: number
  readonly #maxPerSecond: number
  #second = 0
  #inSecond = 0

  constructor(max: number, maxPerSecond: number) {
    this.#max = max
    this.#maxPerSecond = maxPerSecond
  }

  add(kept: KeptTrace, at: number): boolean {
    const second = Math.floor(at / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    this.#inSecond += 1
    if (this.#inSecond > this.#maxPerSecond) return false
    this.traces.push(kept)
    if (this.traces.length > this.#max) this.traces.shift()
    return true
  }
}
