/** What goes to a collector of traces, and what becomes of it when the collector is slow, refuses or is away. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { KeptTrace } from '#kernel/tracing/kept-traces.ts'
import { Trace } from '#kernel/tracing/trace.ts'
import { otlpExporter } from '#platform/otlp.ts'
import { openTracing } from '#platform/tracing.ts'

const tracing = openTracing({ samplePercent: 100, slowMs: 100, now: () => 0 })
const id = 'a'.repeat(32)
const kept: KeptTrace = {
  trace: new Trace(0, undefined, id, () => id),
  request: {
    ...{ requestId: id, method: 'GET', route: '/x', status: 500, durationMs: 2, tier: 'free' },
    errorCode: 'internal',
  },
  because: 'failed',
  startedAt: 1_700_000_000_000.5,
}
const exporterTo = (url: string, more = {}) =>
  otlpExporter({
    url,
    instanceId: 'api-9',
    version: '1.2.3',
    spansOf: tracing.spansOf,
    everyMs: 60_000,
    ...more,
  })

t.test('a trace goes out as OTLP has it, with what is left at the end', async (t) => {
  const sent: { path: string | undefined; body: string }[] = []
  const collector = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    sent.push({ path: request.url, body })
    response.end()
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  t.teardown(() => collector.close())
  const exporter = exporterTo(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/`)
  exporter.add(kept)
  await exporter.close()
  t.equal(sent[0]?.path, '/v1/traces')
  const { resourceSpans } = JSON.parse(sent[0]?.body ?? '')
  t.match(resourceSpans[0].resource.attributes[0], { key: 'service.name', value: { stringValue: 'sluice' } })
  t.match(resourceSpans[0].scopeSpans[0].spans, [
    {
      traceId: id,
      spanId: /^[0-9a-f]{16}$/,
      name: 'GET /x',
      kind: 2,
      startTimeUnixNano: '1700000000000500000',
      endTimeUnixNano: '1700000000002500000',
      status: { code: 2 },
    },
  ])
  t.match(exporter, { exports: { ok: 1, failed: 0 }, dropped: { queue: 0, export: 0 } })
})

t.test('what a collector refuses, or what comes while nobody is there, is dropped and counted', async (t) => {
  const refusing = createServer((_request, response) => response.writeHead(503).end())
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve))
  const { port } = refusing.address() as AddressInfo
  const refused = exporterTo(`http://127.0.0.1:${port}`)
  refused.add(kept)
  await refused.close()
  t.match(refused, { exports: { ok: 0, failed: 1 }, dropped: { export: 1 } })
  await new Promise((resolve) => refusing.close(resolve))
  const alone = exporterTo(`http://127.0.0.1:${port}`)
  alone.add(kept)
  await alone.close()
  t.match(alone, { exports: { ok: 0, failed: 1 }, dropped: { export: 1 } })
})

t.test('the queue is bounded', async (t) => {
  const exporter = exporterTo('http://127.0.0.1:1', { maxQueued: 2 })
  for (const _ of [1, 2, 3]) exporter.add(kept)
  t.equal(exporter.dropped.queue, 1)
  await exporter.close()
})
