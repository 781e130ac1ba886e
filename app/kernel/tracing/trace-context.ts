/** The W3C's Trace Context, and which requests are sampled by their id alone. */

export interface TraceContext {
  readonly traceId: string
  /** The caller's span. */
  readonly parentId: string
  /** The caller records this one, and would like us to. */
  readonly isSampled: boolean
}

const format = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Undefined for what is not valid: it then counts as not sent (W3C Trace Context, 3.2.2). */
export function traceContextOf(traceparent: string | undefined): TraceContext | undefined {
  if (traceparent === undefined) return undefined
  const [, traceId, parentId, flags] = format.exec(traceparent) ?? []
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined
  return { traceId, parentId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

const hex32 = /^[0-9a-f]{32}$/

/**
 * The trace a request belongs to: its caller's, or the one that its own id names. The gateway's request ids are valid
 * trace ids, so that one id finds everything. Undefined where neither names one.
 */
export function traceIdOf(traceparent: string | undefined, requestId: string): string | undefined {
  return traceContextOf(traceparent)?.traceId ?? (hex32.test(requestId) ? requestId : undefined)
}

/**
 * Whether an id is among the `percent` that are recorded: the same everywhere, without a word passed on. Multiplied
 * first (Fibonacci hashing, Knuth 6.4): ids that are counted up spread as well as random ones.
 */
export function isSampled(traceId: string, percent: number): boolean {
  const low = Number.parseInt(traceId.slice(-8), 16)
  return Math.imul(low, 0x9e3779b1) >>> 0 < (percent / 100) * 2 ** 32
}
