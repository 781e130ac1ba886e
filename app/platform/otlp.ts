/** Sends kept traces to a collector (OTLP/HTTP in JSON), in batches: what it does not take in time is dropped and counted. */

import type { KeptTrace } from '#kernel/tracing/kept-traces.ts'
import type { ShownSpan } from '#kernel/tracing/trace-view.ts'

export interface OtlpOptions {
  /** `http://jaeger:4318`, before `/v1/traces`. */
  readonly url: string
  readonly instanceId: string
  readonly version: string
  readonly spansOf: (kept: KeptTrace) => readonly ShownSpan[]
  readonly everyMs?: number
  readonly timeoutMs?: number
  readonly maxQueued?: number
  readonly maxBatch?: number
}

export interface OtlpExporter {
  add(trace: KeptTrace): void
  readonly exports: Readonly<Record<'ok' | 'failed', number>>
  /** Traces: `queue` was full, `export` failed. */
  readonly dropped: Readonly<Record<'queue' | 'export', number>>
  /** Sends what is left, once. */
  close(): Promise<void>
}

export function otlpExporter(options: OtlpOptions): OtlpExporter {
  const { url, spansOf, everyMs = 1_000, timeoutMs = 2_000, maxQueued = 1_000, maxBatch = 200 } = options
  const address = `${url.replace(/\/+$/, '')}/v1/traces`
  const exports = { ok: 0, failed: 0 }
  const dropped = { queue: 0, export: 0 }
  const queue: KeptTrace[] = []
  let sending: Promise<void> | undefined

  const send = async (): Promise<void> => {
    const batch = queue.splice(0, maxBatch)
    if (batch.length === 0) return
    try {
      const answer = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(otlpOf(batch, options, spansOf)),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`)
      exports.ok += 1
    } catch {
      exports.failed += 1
      dropped.export += batch.length
    }
  }
  // One at a time: a collector that is slow gets no second request, and the queue is what is bounded.
  const flush = (): void => {
    sending ??= send().finally(() => {
      sending = undefined
    })
  }
  const timer = setInterval(flush, everyMs)
  timer.unref()

  return {
    exports,
    dropped,
    add(trace) {
      if (queue.length < maxQueued) queue.push(trace)
      else dropped.queue += 1
    },
    async close() {
      clearInterval(timer)
      await sending
      await send()
    },
  }
}

const kinds = { internal: 1, server: 2, client: 3 } as const
const failed = { code: 2 }

function otlpOf(
  batch: readonly KeptTrace[],
  { instanceId, version }: OtlpOptions,
  spansOf: OtlpOptions['spansOf'],
) {
  const resource = { 'service.name': 'sluice', 'service.instance.id': instanceId, 'service.version': version }
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [
          {
            scope: { name: 'sluice', version },
            spans: batch.flatMap((kept) =>
              spansOf(kept).map((span, index) => otlpSpan(kept, span, index === 0)),
            ),
          },
        ],
      },
    ],
  }
}

function otlpSpan({ trace, startedAt }: KeptTrace, span: ShownSpan, isRequest: boolean) {
  const isCall = 'db.system.name' in span.attributes || 'server.address' in span.attributes
  return {
    traceId: trace.id,
    spanId: span.spanId,
    ...(span.parentId !== undefined && { parentSpanId: span.parentId }),
    name: span.name,
    kind: isRequest ? kinds.server : isCall ? kinds.client : kinds.internal,
    startTimeUnixNano: nanoseconds(startedAt + span.startMs),
    endTimeUnixNano: nanoseconds(startedAt + span.startMs + span.ms),
    attributes: attributesOf(span.attributes),
    ...(span.hasFailed && { status: failed }),
  }
}

const attributesOf = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    // 64-bit integers are strings in OTLP's JSON.
    value: typeof value === 'number' ? { intValue: String(Math.round(value)) } : { stringValue: value },
  }))

/** Unix milliseconds as text: too many nanoseconds for a number. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n)
