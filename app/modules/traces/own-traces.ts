/** The traces this replica kept, as they are shown. */

import type { KeptTrace } from '#kernel/tracing/kept-traces.ts'
import type { ShownSpan } from '#kernel/tracing/trace-view.ts'
import type { Tracing } from '#platform/tracing.ts'
import type { Trace, TraceQuery } from './traces.schemas.ts'

/** Of nobody, where tracing is off. */
export function ownTraces(tracing: Pick<Tracing, 'traces' | 'spansOf'> | undefined, instanceId: string) {
  const shown = (kept: KeptTrace): Trace => {
    const { requestId, method, route, status, durationMs, tier, errorCode } = kept.request
    return {
      traceId: kept.trace.id,
      time: new Date(kept.startedAt).toISOString(),
      requestId,
      method,
      route,
      status,
      instanceId,
      tier,
      errorCode: errorCode ?? null,
      ms: rounded(durationMs),
      because: kept.because,
      spans: (tracing?.spansOf(kept) ?? []).map(shownSpan),
    }
  }
  return {
    /** Slow and failed ones, the latest first. */
    notable: ({ minMs, status, limit }: TraceQuery): Trace[] =>
      (tracing?.traces.notable() ?? [])
        .filter(({ request }) => request.durationMs >= minMs && fits(request.status, status))
        .slice(0, limit)
        .map(shown),
    /** Also those that were only sampled. */
    of: (traceId: string): Trace[] => (tracing?.traces.of(traceId) ?? []).map(shown),
  }
}

const fits = (status: number, wanted: string | undefined): boolean =>
  wanted === undefined || wanted === String(status) || wanted === `${Math.floor(status / 100)}xx`

const shownSpan = ({ parentId, startMs, ms, attributes, ...span }: ShownSpan): Trace['spans'][number] => ({
  ...span,
  parentId: parentId ?? null,
  startMs: rounded(startMs),
  ms: rounded(ms),
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
})

const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000
