/** What the edge adds to requests and answers, and what it takes away from them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { type Edge, startEdge } from './support/edge.ts'
import { ask } from './support/http.ts'
import { type Answer, echo, json, type Seen } from './support/stub-replica.ts'

const answer: Answer = (request, reply) => {
  const { pathname } = new URL(request.url ?? '/', 'http://stub')
  if (pathname === '/api/v1/resources/large') return json(reply, 200, { text: 'a'.repeat(2_000) })
  if (pathname === '/api/v1/resources/small') return json(reply, 200, { text: 'a'.repeat(500) })
  if (pathname === '/docs')
    return reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>')
  if (pathname === '/api/v1/resources/refused') {
    const problem = {
      type: '/docs/errors#not_found',
      error: 'not_found',
      errors: [{ path: 'id', message: 'no' }],
    }
    return json(reply, 404, problem, 'application/problem+json')
  }
  if (pathname === '/api/v1/external')
    return json(reply, 503, { error: 'overloaded' }, 'application/problem+json')
  reply.setHeader('x-request-id', 'the-replica-should-not-choose')
  reply.setHeader('access-control-allow-origin', '*')
  echo(request, reply)
}

const edge: Edge = await startEdge(t, { answer })
const bearer = { authorization: 'Bearer dummy-token' }

const forged = {
  forwarded: 'for=9.9.9.9',
  'x-forwarded-for': '9.9.9.9',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-real-ip': '9.9.9.9',
  'x-request-start': 't=1.000',
  'true-client-ip': '9.9.9.9',
  'x-user-id': '1',
  'x-user-role': 'admin',
  'x-principal': 'admin',
  'x-principal-permissions': '*',
  'x-original-url': '/api/v1/admin/cache',
  x_user_id: '1',
}

for (const [name, port] of [
  ['gateway', edge.gatewayPort],
  ['balancer', edge.balancerPort],
] as const) {
  t.test(`the ${name} lets no client choose its address, host or identity`, async (t) => {
    const { body } = await ask<Seen>(port, '/api/v1/users', {
      headers: { ...bearer, ...forged },
      from: '127.0.0.7',
    })
    t.match(body.headers, {
      'x-real-ip': '127.0.0.7',
      host: `127.0.0.1:${port}`,
    })
    const started = Number(body.headers['x-request-start']?.slice(2)) * 1_000
    t.ok(Math.abs(Date.now() - started) < 5_000, 'the time of the hand-over')
    for (const header of Object.keys(forged)) {
      if (!['x-real-ip', 'x-request-start'].includes(header)) t.notOk(body.headers[header], header)
    }
  })

  t.test(
    `the ${name} keeps a client's request id where it is acceptable, and passes it on with traceparent`,
    async (t) => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
      for (const id of ['a', 'A.b_c-9', 'x'.repeat(128)]) {
        const headers = { ...bearer, 'x-request-id': id, traceparent }
        const reply = await ask<Seen>(port, '/api/v1/users', { headers })
        t.equal(reply.headers['x-request-id'], id)
        t.match(reply.body.headers, { 'x-request-id': id, traceparent })
      }
    },
  )

  t.test(
    `the ${name} drops what is no traceparent, and makes one where the request id names no trace`,
    async (t) => {
      const asked = async (headers: Record<string, string>) => {
        const reply = await ask<Seen>(port, '/api/v1/users', { headers: { ...bearer, ...headers } })
        return reply.body.headers
      }
      const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
      for (const traceparent of [
        ...[
          '',
          'nonsense',
          `00-${trace}-${span}`,
          `ff-${trace}-${span}-01`,
          `00-${'0'.repeat(32)}-${span}-01`,
        ],
        ...[`00-${trace.toUpperCase()}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`],
      ]) {
        t.equal((await asked({ traceparent })).traceparent, undefined, traceparent)
      }
      t.equal((await asked({ 'x-request-id': trace })).traceparent, undefined, 'the id says it')
      t.match((await asked({ 'x-request-id': 'order-7' })).traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    },
  )

  t.test(`the ${name} makes a request id where the client's is missing or not acceptable`, async (t) => {
    for (const id of [undefined, '', 'x'.repeat(129), 'a b', 'a"b', 'ä', '{}']) {
      const headers = {
        ...bearer,
        ...(id !== undefined && { 'x-request-id': Buffer.from(id).toString('latin1') }),
      }
      const reply = await ask<Seen>(port, '/api/v1/users', { headers })
      t.match(reply.headers['x-request-id'], /^[0-9a-f]{32}$/)
      t.equal(reply.body.headers['x-request-id'], reply.headers['x-request-id'])
    }
  })
}

t.test('every answer has one of each security header, and no other origin', async (t) => {
  for (const path of [
    '/',
    '/gateway-health',
    '/lb-health',
    '/api/v1/status',
    '/api/v1/users',
    '/docs',
    '/nothing',
  ]) {
    const { headers } = await ask(edge.gatewayPort, path)
    t.equal(headers['x-content-type-options'], 'nosniff', path)
    t.equal(headers['referrer-policy'], 'no-referrer', path)
    t.match(headers['content-security-policy'], /^default-src 'none';[^,]*frame-ancestors 'none'$/, path)
    t.notOk(headers['strict-transport-security'], path)
    t.notOk(headers['access-control-allow-origin'], path)
    t.match(headers['x-request-id'], /^[0-9a-f]{32}$/, path)
    t.equal(headers.server, 'nginx', path)
  }
})

t.test('HTML may load what lies beside it and nothing else', async (t) => {
  for (const path of ['/', '/docs']) {
    const { headers } = await ask(edge.gatewayPort, path)
    t.match(headers['content-security-policy'], /script-src 'self';.*form-action 'self'/, path)
    t.notMatch(headers['content-security-policy'], /unsafe|http:|https:|\*/, path)
  }
})

t.test('an allowed origin may read answers, and the headers that matter', async (t) => {
  for (const origin of ['http://localhost:8080', 'http://localhost:5173']) {
    const { headers } = await ask(edge.gatewayPort, '/api/v1/status', { headers: { origin } })
    t.equal(headers['access-control-allow-origin'], origin)
    t.equal(headers['access-control-allow-credentials'], 'true')
    t.match(
      headers['access-control-expose-headers'],
      /ETag.*Link.*Location.*RateLimit.*RateLimit-Policy.*Retry-After/,
    )
  }
})

t.test("passes the application's own refusals untouched", async (t) => {
  const notFound = await ask(edge.gatewayPort, '/api/v1/resources/refused')
  t.equal(notFound.status, 404)
  t.strictSame(notFound.body, {
    type: '/docs/errors#not_found',
    error: 'not_found',
    errors: [{ path: 'id', message: 'no' }],
  })
  const overloaded = await ask(edge.gatewayPort, '/api/v1/external')
  t.equal(overloaded.status, 503)
  t.strictSame(overloaded.body, { error: 'overloaded' })
  t.equal(overloaded.headers['content-type'], 'application/problem+json; charset=utf-8')
})

t.test('compresses above 1 KiB for those who ask', async (t) => {
  const gzip = { 'accept-encoding': 'gzip' }
  t.equal(
    (await ask(edge.gatewayPort, '/api/v1/resources/small', { headers: gzip })).headers['content-encoding'],
    undefined,
  )
  t.equal((await ask(edge.gatewayPort, '/api/v1/resources/large')).headers['content-encoding'], undefined)
  const response = await fetch(`http://127.0.0.1:${edge.gatewayPort}/api/v1/resources/large`, {
    headers: gzip,
  })
  t.equal(response.headers.get('content-encoding'), 'gzip')
  t.match(response.headers.get('vary'), /Accept-Encoding/)
  t.strictSame(await response.json(), { text: 'a'.repeat(2_000) })
})

t.test('logs one JSON line per request, without query or credential', async (t) => {
  const headers = { ...bearer, 'x-request-id': 'logged-once', 'user-agent': 'a "quoted" name' }
  await ask(edge.gatewayPort, '/api/v1/search/items?q=private-words', { headers })
  const logFile = join(edge.folder, 'gateway-access.log')
  const line = await eventually<string | undefined>(t, () =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .find((each) => each.includes('logged-once')),
  )
  t.match(JSON.parse(line ?? ''), {
    requestId: 'logged-once',
    address: '127.0.0.1',
    method: 'GET',
    path: '/api/v1/search/items',
    status: 200,
    bytes: Number,
    seconds: Number,
    upstreamStatus: '200',
    servedBy: /^api-[123]$/,
    userAgent: 'a "quoted" name',
  })
  t.notMatch(readFileSync(logFile, 'utf8'), /private-words|dummy-token/)
})
