/** One trace as a waterfall: when each step of the request began, and how long it took. */

import type { components } from '#client/schema.ts'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { Facts } from '#dashboard/components/layout.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { Exactly } from '#dashboard/components/time.tsx'
import css from './trace-dialog.module.css'

export type Trace = components['schemas']['Trace']
type Span = Trace['spans'][number]

export function TraceDialog({ trace, onClose }: { readonly trace: Trace; readonly onClose: () => void }) {
  const depthOf = depths(trace.spans)
  return (
    <Dialog title={`${trace.method} ${trace.route}`} place="side" onClose={onClose}>
      <Facts
        facts={[
          ['Status', trace.errorCode === null ? trace.status : `${trace.status}, ${trace.errorCode}`],
          ['Took', duration(trace.ms)],
          ['When', <Exactly key="when" time={trace.time} />],
          ['Replica', trace.instanceId],
          ['Tier', trace.tier],
          ['Trace', <code key="trace">{trace.traceId}</code>],
          ['Request', <code key="request">{trace.requestId}</code>],
        ]}
      />
      <ol className={css.waterfall} aria-label="Steps">
        {trace.spans.map((span) => (
          <Step key={span.spanId} span={span} totalMs={trace.ms} depth={depthOf.get(span.spanId) ?? 0} />
        ))}
      </ol>
    </Dialog>
  )
}

function Step({
  span,
  totalMs,
  depth,
}: {
  readonly span: Span
  readonly totalMs: number
  readonly depth: number
}) {
  const percent = (ms: number): string => `${totalMs === 0 ? 0 : Math.min(100, (ms / totalMs) * 100)}%`
  const details = Object.entries(span.attributes)
  return (
    <li className={css.step} data-failed={span.hasFailed}>
      <div className={css.name} style={{ paddingInlineStart: `${depth * 0.75}rem` }}>
        <span>
          {span.name}
          {span.hasFailed && ' (failed)'}
        </span>
        <span className={css.took}>{duration(span.ms)}</span>
      </div>
      <div className={css.track} aria-hidden="true">
        <span
          className={css.bar}
          style={{ insetInlineStart: percent(span.startMs), width: `max(2px, ${percent(span.ms)})` }}
        />
      </div>
      {details.length > 0 && (
        <p className={css.details} style={{ paddingInlineStart: `${depth * 0.75}rem` }}>
          {details.map(([name, value]) => `${name} ${value}`).join(' · ')}
        </p>
      )}
    </li>
  )
}

/** How deep each span lies below the request, which comes first. */
function depths(spans: readonly Span[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { spanId, parentId } of spans) {
    const above = parentId === null ? undefined : found.get(parentId)
    found.set(spanId, above === undefined ? 0 : above + 1)
  }
  return found
}
