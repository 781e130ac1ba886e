/** How many traces were kept and why, and what became of them. */

import { counterBy, type Metric } from './metric.ts'
import type { OtlpExporter } from './otlp.ts'
import type { Tracing } from './tracing.ts'

export const traceMetrics = ({ traces }: Tracing, exporter: OtlpExporter | undefined): Metric[] => [
  counterBy('sluice_traces_kept_total', 'Requests whose trace was kept', 'reason', () => traces.counts),
  counterBy('sluice_traces_dropped_total', 'Traces worth keeping that were lost', 'reason', () => ({
    rate: traces.dropped,
    queue: exporter?.dropped.queue ?? 0,
    export: exporter?.dropped.export ?? 0,
  })),
  counterBy('sluice_trace_exports_total', 'Batches of traces sent to the collector', 'result', () => ({
    ok: exporter?.exports.ok ?? 0,
    failed: exporter?.exports.failed ?? 0,
  })),
]
