/** Traces of what was slow or failed: which steps they hold, whose they are, and where else they go. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

interface Trace {
  readonly traceId: string
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly because: string
  readonly spans: readonly {
    spanId: string
    parentId: string | null
    name: string
    attributes: Record<string, string>
  }[]
}
interface Otlp {
  readonly resourceSpans: readonly {
    scopeSpans: readonly { spans: readonly { traceId: string; name: string; parentSpanId?: string }[] }[]
  }[]
}

// A collector: what it was sent.
const sent: Otlp[] = []
const collector = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    sent.push(JSON.parse(Buffer.concat(parts).toString()))
    response.end('{}')
  })
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
t.teardown(() => collector.close())

const { anonymous, member, database } = await application(t, () => ({
  // Everything is slow enough to be kept.
  TRACE_SLOW_MS: '1',
  TRACE_SAMPLE_PERCENT: '100',
  OTLP_URL: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
}))
const admin = await member({ role: 'admin' })

const traceOf = async (traceId: string): Promise<Trace> => {
  const { status, body } = await admin.get<{ data: Trace[] }>(`/api/v1/admin/traces/${traceId}`)
  t.equal(status, 200)
  return body.data[0] as Trace
}
const namesOf = ({ spans }: Trace): string[] => spans.map(({ name }) => name)
/** The call to Redis that is a part of the read through the cache. */
const askedOf = ({ spans }: Trace) => {
  const read = spans.find(({ name }) => name.startsWith('cache read'))
  return spans.find(({ name, parentId }) => name === 'redis evalsha' && parentId === read?.spanId)
}
let traces = 0
const newTrace = (flags = '00') => {
  const traceId = `${'a'.repeat(24)}${(++traces).toString(16).padStart(8, '0')}`
  return { traceId, headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-${flags}` } }
}

t.test('a read that goes down to Postgres shows each step and whose part it is', async (t) => {
  let trace: Trace | undefined
  let limit = 0
  // While the process was kept from running its lease of trust is over, and Redis is not asked.
  await eventually(t, async () => {
    const { traceId, headers } = newTrace()
    limit += 1
    t.equal((await anonymous.get(`/api/v1/items?limit=${limit}`, { headers })).status, 200)
    trace = await traceOf(traceId)
    return askedOf(trace) !== undefined
  })
  t.match(trace, { method: 'GET', route: '/api/v1/items', status: 200 })
  const [request, ...steps] = trace?.spans ?? []
  t.match(request, { name: 'GET /api/v1/items', parentId: 'b'.repeat(16) })
  const named = (name: RegExp) => steps.find((span) => name.test(span.name))
  t.equal(named(/^cache read items$/)?.parentId, request?.spanId)
  t.match(named(/^cache read items$/)?.attributes, { 'sluice.cache.status': 'miss' })
  t.ok(trace && askedOf(trace))
  t.equal(named(/^postgres select items$/)?.parentId, named(/^cache read/)?.spanId)
  t.match(named(/^postgres select items$/)?.attributes, { 'db.system.name': 'postgresql' })
})

t.test('a write shows its transaction, though its body came in between', async (t) => {
  const { traceId, headers } = newTrace()
  const user = await member()
  const body = { title: 'In the trace: s3cret', priceCents: 1 }
  const call = { body, headers: { ...headers, 'idempotency-key': 'traced-1' } }
  t.equal((await user.request('POST', '/api/v1/items', call)).status, 201)
  const trace = await traceOf(traceId)
  t.ok(namesOf(trace).includes('postgres transaction'), namesOf(trace).join(', '))
  t.ok(namesOf(trace).includes('postgres insert items'), namesOf(trace).join(', '))
  t.notMatch(JSON.stringify(trace), 's3cret', 'of a statement its text, never its values')
})

t.test('requests at the same time do not get each other’s steps', async (t) => {
  const user = await member()
  const all = Array.from({ length: 6 }, (_, index) => ({ index, ...newTrace() }))
  await Promise.all(
    all.map(({ index, headers }) =>
      user.request('POST', '/api/v1/items', {
        body: { title: `Beside others ${index}`, priceCents: index },
        headers: { ...headers, 'idempotency-key': `beside-${index}` },
      }),
    ),
  )
  for (const { traceId } of all) {
    const inserts = namesOf(await traceOf(traceId)).filter((name) => name === 'postgres insert items')
    t.equal(inserts.length, 1)
  }
})

t.test('what failed is listed by its status, and says with which code', async (t) => {
  const { traceId, headers } = newTrace()
  await database.text('alter table items rename to items_away')
  const { status } = await anonymous.get('/api/v1/items?limit=4', { headers })
  await database.text('alter table items_away rename to items')
  t.ok(status >= 500)
  const { body } = await admin.get<{ data: Trace[] }>('/api/v1/admin/traces?status=5xx')
  const trace = body.data.find((each) => each.traceId === traceId)
  t.match(trace, { because: 'failed', status })
  t.equal(trace?.spans[0]?.attributes['error.type'], 'internal')
})

t.test('the request id names the trace where nobody brought one', async (t) => {
  const { headers } = await anonymous.get('/api/v1/items?limit=5')
  const requestId = String(headers['x-request-id'])
  t.match(requestId, /^[0-9a-f]{32}$/)
  t.match(await traceOf(requestId), { requestId })
})

t.test('the collector gets the same spans, and metrics an exemplar that leads there', async (t) => {
  const { traceId, headers } = newTrace()
  await anonymous.get('/api/v1/items?limit=6', { headers })
  const spansSent = () =>
    sent
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
      .filter((span) => span.traceId === traceId)
  await eventually(t, async () => spansSent().some(({ name }) => name === 'postgres select items'))
  t.match(spansSent()[0], { name: 'GET /api/v1/items', parentSpanId: 'b'.repeat(16) })
  const metrics = await anonymous.get<string>('/internal/metrics', {
    headers: { authorization: 'Bearer metrics-token', accept: 'application/openmetrics-text' },
  })
  t.match(metrics.body, /route="\/api\/v1\/items",le="[^"]+"\} \d+ # \{trace_id="[0-9a-f]{32}"\}/)
  t.match(metrics.body, 'sluice_traces_kept_total{reason="slow"}')
})

t.test('traces are an admin’s, and between replicas a replica’s', async (t) => {
  const user = await member()
  t.equal((await user.get('/api/v1/admin/traces')).status, 403)
  t.equal((await anonymous.get('/api/v1/admin/traces')).status, 401)
  for (const path of ['/internal/traces', `/internal/traces/${'a'.repeat(32)}`]) {
    t.equal((await anonymous.get(path)).status, 401)
    t.equal((await admin.get(path)).status, 401)
  }
  t.equal((await admin.get(`/api/v1/admin/traces/${'f'.repeat(32)}`)).status, 404)
  t.equal((await admin.get('/api/v1/admin/traces/nonsense')).status, 400)
  t.equal((await admin.get('/api/v1/admin/traces?status=600')).status, 400)
})
