/**
 * Traces, by hand: a request is one small object until it turns out to be worth telling, 0.4 CPU µs. OpenTelemetry's SDK
 * takes 1.8 for the request's span alone, and tail sampling would need all of them (docs/observability.md).
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { bucketOf } from '#kernel/histogram.ts'
import { type KeptTrace, KeptTraces, type RequestTracing } from '#kernel/tracing/kept-traces.ts'
import { type Scope, Trace, type Tracer } from '#kernel/tracing/trace.ts'
import { type ShownSpan, shownSpans } from '#kernel/tracing/trace-view.ts'
import type { Exemplar } from './metric.ts'

export interface TracingOptions {
  readonly samplePercent: number
  readonly slowMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Is given each trace that is kept. */
  readonly kept?: (trace: KeptTrace) => void
}

export interface Tracing extends Tracer, RequestTracing {
  readonly traces: KeptTraces
  spansOf(kept: KeptTrace): ShownSpan[]
  /** The latest kept request of a route and bucket. */
  exemplarOf(route: number, bucket: number): Exemplar | undefined
}

const newTraceId = (): string => randomBytes(16).toString('hex')
const newSpanId = (): string => randomBytes(8).toString('hex')
/** Above the number of buckets: a route and a bucket are one number. */
const perRoute = 64

export function openTracing({ samplePercent, slowMs, now, kept: told }: TracingOptions): Tracing {
  const scopes = new AsyncLocalStorage<Scope>()
  const traces = new KeptTraces({ samplePercent, slowMs, now })
  const exemplars = new Map<number, Exemplar>()
  const rootIds = new WeakMap<Trace, string>()
  const rootIdOf = (trace: Trace): string => {
    const known = rootIds.get(trace)
    if (known !== undefined) return known
    const made = newSpanId()
    rootIds.set(trace, made)
    return made
  }

  return {
    traces,
    open: (startedAt, traceparent, requestId) => new Trace(startedAt, traceparent, requestId, newTraceId),
    enter: (trace) => scopes.enterWith(trace),
    begin(name, attributes) {
      const scope = scopes.getStore()
      return scope?.trace.begin(name, attributes, scope.span, now())
    },
    end(span, hasFailed, result) {
      if (span === undefined) return
      span.endedAt = now()
      span.hasFailed = hasFailed
      span.result = result
    },
    within: (span, call) => scopes.run({ trace: span.trace, span }, call),
    traceparent(span) {
      span.id ??= newSpanId()
      return `00-${span.trace.id}-${span.id}-${span.trace.context?.isSampled ? '01' : '00'}`
    },
    finish(trace, request, route) {
      trace.endedAt = trace.startedAt + request.durationMs
      const kept = traces.keep(trace, request, Date.now() - request.durationMs)
      if (kept === undefined) return
      exemplars.set(route * perRoute + bucketOf(request.durationMs), {
        labelSet: { trace_id: trace.id },
        value: request.durationMs / 1_000,
        timestamp: Date.now() / 1_000,
      })
      told?.(kept)
    },
    spansOf: (kept) => shownSpans(kept, rootIdOf(kept.trace), newSpanId),
    exemplarOf: (route, bucket) => exemplars.get(route * perRoute + bucket),
  }
}
