/**
 * What one request did, step by step. While it runs, steps are only noted; whether anybody will ever read them is decided
 * at its end, when it is known whether it failed or was slow (tail sampling, as opposed to sampling heads alone).
 */

import { traceContextOf, traceIdOf } from './trace-context.ts'

export type Attributes = Readonly<Record<string, string | number>>

export interface Span {
  readonly name: string
  /** Never a value that a client sent. */
  readonly attributes: Attributes
  /** The step it is part of; undefined for a step of the request itself. */
  readonly parent: Span | undefined
  readonly trace: Trace
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** Undefined while it goes on: what is done behind the answer's back may end after it. */
  endedAt: number | undefined
  hasFailed: boolean
  /** What it found, told at its end. */
  result: Attributes | undefined
  /** 16 hexadecimal digits, given to it when somebody needs one. */
  id: string | undefined
}

/** What is begun now belongs to this: a request, or one of its steps. */
export interface Scope {
  readonly trace: Trace
  readonly span: Span | undefined
}

/** A request with more steps than that is understood without the rest. */
const maxSpans = 64
/** What is done behind an answer's back belongs to it this long; a timer that a request set going may go on for ever. */
const afterEndMs = 1_000

export class Trace implements Scope {
  readonly trace = this
  readonly span = undefined
  readonly startedAt: number
  readonly #traceparent: string | undefined
  readonly #requestId: string
  readonly #newId: () => string
  #id: string | undefined
  #spans: Span[] | undefined
  endedAt = Number.POSITIVE_INFINITY
  /** Steps that were not noted any more. */
  spansDropped = 0

  /** `newId` is asked where neither header names a trace. */
  constructor(startedAt: number, traceparent: string | undefined, requestId: string, newId: () => string) {
    this.startedAt = startedAt
    this.#traceparent = traceparent
    this.#requestId = requestId
    this.#newId = newId
  }

  /** 32 hexadecimal digits. */
  get id(): string {
    this.#id ??= traceIdOf(this.#traceparent, this.#requestId) ?? this.#newId()
    return this.#id
  }

  get context(): ReturnType<typeof traceContextOf> {
    return traceContextOf(this.#traceparent)
  }

  get spans(): readonly Span[] {
    return this.#spans ?? []
  }

  begin(name: string, attributes: Attributes, parent: Span | undefined, at: number): Span | undefined {
    if (at > this.endedAt + afterEndMs) return undefined
    this.#spans ??= []
    if (this.#spans.length >= maxSpans) {
      this.spansDropped += 1
      return undefined
    }
    const span: Span = {
      name,
      attributes,
      parent,
      trace: this,
      startedAt: at,
      endedAt: undefined,
      hasFailed: false,
      result: undefined,
      id: undefined,
    }
    this.#spans.push(span)
    return span
  }
}

/** Notes steps of whichever request is being answered where it is called. */
export interface Tracer {
  /** Undefined where no request is being answered, or it has too many steps already. */
  begin(name: string, attributes: Attributes): Span | undefined
  end(span: Span | undefined, hasFailed: boolean, result?: Attributes): void
  /** Runs `call`; what it begins is part of `span`. */
  within<T>(span: Span, call: () => T): T
  /** The header that tells others which step they are part of. */
  traceparent(span: Span): string
}

/** `call` as one step, and what it begins as parts of it; just `call` where nobody traces. */
export async function asSpan<T>(
  tracer: Tracer | undefined,
  name: string,
  attributes: Attributes,
  call: (span: Span | undefined) => Promise<T>,
  resultOf?: (value: T) => Attributes,
): Promise<T> {
  const span = tracer?.begin(name, attributes)
  if (tracer === undefined || span === undefined) return call(undefined)
  try {
    const value = await tracer.within(span, () => call(span))
    tracer.end(span, false, resultOf?.(value))
    return value
  } catch (error) {
    tracer.end(span, true)
    throw error
  }
}
