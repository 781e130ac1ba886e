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
  readonly #options: Required<KeptTracesOptions>
  readonly #notable: KeptTrace[] = []
  readonly #sampled: KeptTrace[] = []
  readonly counts: Record<KeptBecause, number> = { failed: 0, slow: 0, sampled: 0 }
  /** Worth keeping, but too many at once. */
  dropped = 0
  #second = 0
  #inSecond = 0

  constructor(options: KeptTracesOptions) {
    this.#options = { maxNotable: 200, maxSampled: 100, maxPerSecond: 50, ...options }
  }

  /** Undefined for what nobody will ask for, as most is. `startedAt`: Unix milliseconds. */
  keep(trace: Trace, request: TracedRequest, startedAt: number): KeptTrace | undefined {
    const because = this.#why(trace, request)
    if (because === undefined) return undefined
    if (!this.#hasRoom()) {
      this.dropped += 1
      return undefined
    }
    this.counts[because] += 1
    const kept = { trace, request, because, startedAt }
    const [ring, max] =
      because === 'sampled'
        ? [this.#sampled, this.#options.maxSampled]
        : [this.#notable, this.#options.maxNotable]
    ring.push(kept)
    if (ring.length > max) ring.shift()
    return kept
  }

  /** The latest first. */
  notable(): KeptTrace[] {
    return this.#notable.toReversed()
  }

  /** One trace may hold several requests: its caller's others too. */
  of(traceId: string): KeptTrace[] {
    return [...this.#notable, ...this.#sampled].filter(({ trace }) => trace.id === traceId)
  }

  #why(trace: Trace, { status, durationMs }: TracedRequest): KeptBecause | undefined {
    if (status >= 500) return 'failed'
    if (durationMs >= this.#options.slowMs) return 'slow'
    const { samplePercent } = this.#options
    return isSampled(trace.id, samplePercent) || trace.context?.isSampled ? 'sampled' : undefined
  }

  #hasRoom(): boolean {
    const second = Math.floor(this.#options.now() / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    this.#inSecond += 1
    return this.#inSecond <= this.#options.maxPerSecond
  }
}
