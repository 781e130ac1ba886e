/** One id finds everything: the gateway's line, the application's line, the trace with its steps, the exemplar of the metric. */

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { ask } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
const admin = { authorization: 'Bearer admin-token-dev' }
const newTraceId = (): string => randomBytes(16).toString('hex')

interface Trace {
  readonly traceId: string
  readonly instanceId: string
  readonly spans: readonly { readonly name: string; readonly parentId: string | null }[]
}

/** Lines of a log about the request or trace `id`; both logs are written once a second, and the last may be cut. */
const linesOf = (file: string, id: string): Record<string, unknown>[] =>
  readFileSync(join(stack.layout.log, file), 'utf8')
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes(id))
    .map((line) => JSON.parse(line))
    .filter((line) => line.traceId === id || line.requestId === id)

const lineOfReplica = (traceId: string) =>
  Object.keys(stack.replicas).flatMap((name) => linesOf(`${name}.log`, traceId))

const tracesOf = async (traceId: string): Promise<readonly Trace[]> => {
  const { status, body } = await ask(stack.gateway, {
    method: 'GET',
    path: `/api/v1/admin/traces/${traceId}`,
    headers: admin,
  })
  return status === 200 ? (JSON.parse(body) as { data: Trace[] }).data : []
}

t.test('a trace that a caller brought is found by its id in every place', async (t) => {
  const traceId = newTraceId()
  const callersSpan = randomBytes(8).toString('hex')
  const send = () =>
    ask(stack.gateway, {
      method: 'GET',
      path: '/api/v1/items?limit=17',
      headers: { traceparent: `00-${traceId}-${callersSpan}-01` },
    })
  t.equal((await send()).status, 200)

  const [trace] = await tracesOf(traceId)
  t.match(trace?.spans[0], { name: 'GET /api/v1/items', parentId: callersSpan })
  await eventually(t, async () => linesOf('gateway-access.log', traceId).length > 0)
  t.match(linesOf('gateway-access.log', traceId)[0], { traceId, status: 200, servedBy: trace?.instanceId })
  await eventually(t, async () => lineOfReplica(traceId).length > 0)
  t.match(lineOfReplica(traceId)[0], { traceId, route: '/api/v1/items', instanceId: trace?.instanceId })

  // A bucket remembers the latest trace: asked again, in case another request came after ours.
  await eventually(t, async () => {
    await send()
    const { body } = await ask(stack.gateway, {
      method: 'GET',
      path: '/metrics',
      headers: { accept: 'application/openmetrics-text' },
    })
    return body.includes(`# {trace_id="${traceId}"}`)
  })
})

t.test('where nobody brought one, the request id that the answer names is the trace', async (t) => {
  const { headers } = await ask(stack.gateway, { method: 'GET', path: '/api/v1/items?limit=18' })
  const requestId = String(headers['x-request-id'])
  t.match(requestId, /^[0-9a-f]{32}$/)
  await eventually(t, async () => linesOf('gateway-access.log', requestId).length > 0)
  t.match(linesOf('gateway-access.log', requestId)[0], { requestId, traceId: requestId })
  await eventually(t, async () => lineOfReplica(requestId).length > 0)
  t.match(lineOfReplica(requestId)[0], { requestId, traceId: requestId })
})

t.test(
  'an id of the caller’s own, which names no trace, is given one that the gateway and the replica share',
  async (t) => {
    const requestId = `order-${randomBytes(6).toString('hex')}`
    await ask(stack.gateway, {
      method: 'GET',
      path: '/api/v1/items?limit=19',
      headers: { 'x-request-id': requestId },
    })
    await eventually(t, async () => lineOfReplica(requestId).length > 0)
    await eventually(t, async () => linesOf('gateway-access.log', requestId).length > 0)
    const [ofReplica, ofGateway] = [lineOfReplica(requestId)[0], linesOf('gateway-access.log', requestId)[0]]
    t.match(ofReplica?.traceId, /^[0-9a-f]{32}$/)
    t.equal(ofReplica?.traceId, ofGateway?.traceId)
  },
)

t.test('each replica tells its own metrics, with what nginx counts', async (t) => {
  for (const door of Object.values(stack.replicas)) {
    const { status, body } = await ask(door, { method: 'GET', path: '/internal/metrics' })
    t.equal(status, 200)
    for (const tier of ['gateway', 'balancer']) t.match(body, `nginx_up{tier="${tier}"} 1`)
  }
  t.equal((await ask(stack.gateway, { method: 'GET', path: '/internal/metrics' })).status, 404)
})
