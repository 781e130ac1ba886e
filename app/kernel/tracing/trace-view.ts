/** A kept trace as people and other systems read it: the request first, then its steps, each with its place in time. */

import type { KeptTrace } from './kept-traces.ts'
import type { Attributes, Span } from './trace.ts'

export interface ShownSpan {
  readonly spanId: string
  /** Undefined for one that began here. */
  readonly parentId: string | undefined
  readonly name: string
  /** Since the request came. */
  readonly startMs: number
  readonly ms: number
  readonly hasFailed: boolean
  readonly attributes: Attributes
}

/** `newSpanId` gives 16 hexadecimal digits; each step keeps what it was given. */
export function shownSpans(kept: KeptTrace, rootId: string, newSpanId: () => string): ShownSpan[] {
  const { trace, request } = kept
  const idOf = (span: Span): string => {
    span.id ??= newSpanId()
    return span.id
  }
  const root: ShownSpan = {
    spanId: rootId,
    parentId: trace.context?.parentId,
    name: `${request.method} ${request.route}`,
    startMs: 0,
    ms: request.durationMs,
    hasFailed: request.status >= 500,
    attributes: {
      'http.request.method': request.method,
      'http.route': request.route,
      'http.response.status_code': request.status,
      'sluice.request_id': request.requestId,
      'sluice.tier': request.tier,
      ...(request.errorCode !== undefined && { 'error.type': request.errorCode }),
      ...(trace.spansDropped > 0 && { 'sluice.spans_dropped': trace.spansDropped }),
    },
  }
  const steps = trace.spans.map((span): ShownSpan => {
    const isUnfinished = span.endedAt === undefined
    return {
      spanId: idOf(span),
      parentId: span.parent === undefined ? rootId : idOf(span.parent),
      name: span.name,
      startMs: span.startedAt - trace.startedAt,
      ms: Math.max(0, (span.endedAt ?? trace.endedAt) - span.startedAt),
      hasFailed: span.hasFailed,
      attributes: {
        ...span.attributes,
        ...span.result,
        ...(isUnfinished && { 'sluice.unfinished': 'true' }),
      },
    }
  })
  return [root, ...steps]
}
