/** What the edge refuses by itself: each status with its code, headers and shape. */

import t from 'tap'
import { problemTable } from '#http/error-reply.ts'
import { type Edge, startEdge } from './support/edge.ts'
import { ask, type Problem, type Question, sendBytes } from './support/http.ts'

const origin = 'http://localhost:5173'
const oneMiB = 1024 * 1024
const long = 'a'.repeat(9_000)
const titleOf = (code: string) => problemTable.find((known) => known.code === code)?.title

const edge: Edge = await startEdge(t)

interface Refusal {
  readonly when: string
  readonly path: string
  readonly question?: Question
  readonly status: number
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
  /** Refused at the request line: nginx never gets to read the origin. */
  readonly originIsUnread?: true
}

const noCredential = { 'www-authenticate': 'Bearer realm="sluice"' }
const badCredential = { 'www-authenticate': 'Bearer realm="sluice", error="invalid_token"' }
const bearer = { authorization: 'Bearer token' }

const refusals: readonly Refusal[] = [
  {
    when: 'a protected path has no credential',
    path: '/api/v1/users',
    status: 401,
    error: 'unauthorized',
    headers: noCredential,
  },
  {
    when: 'its short form has none',
    path: '/api/users',
    status: 401,
    error: 'unauthorized',
    headers: noCredential,
  },
  {
    when: 'an unknown path of the API has none',
    path: '/api/v1/no-such-thing',
    status: 401,
    error: 'unauthorized',
    headers: noCredential,
  },
  { when: '/api itself has none', path: '/api', status: 401, error: 'unauthorized', headers: noCredential },
  {
    when: 'readiness by its protected name has none',
    path: '/api/health',
    status: 401,
    error: 'unauthorized',
    headers: noCredential,
  },
  {
    when: 'a public resource is written without one',
    path: '/api/v1/resources',
    question: { method: 'POST', body: '{}' },
    status: 401,
    error: 'unauthorized',
    headers: noCredential,
  },
  ...[
    'Basic dXNlcjpwYXNz',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer "a"',
    'Token a',
    'BearerX',
  ].map((authorization) => ({
    when: `Authorization is ${JSON.stringify(authorization)}`,
    path: '/api/v1/me',
    question: { headers: { authorization } },
    status: 401,
    error: 'invalid_token',
    headers: badCredential,
  })),
  {
    when: 'X-API-Key holds more than one word',
    path: '/api/v1/me',
    question: { headers: { 'x-api-key': 'two words' } },
    status: 401,
    error: 'invalid_token',
    headers: badCredential,
  },
  { when: 'a path is unknown', path: '/no-such-file', status: 404, error: 'not_found' },
  {
    when: 'a path is internal to the replicas',
    path: '/internal/replicas',
    question: { headers: bearer },
    status: 404,
    error: 'not_found',
  },
  { when: 'a path is internal to the edge', path: '/edge/problem', status: 404, error: 'not_found' },
  { when: 'a preflight is asked for by name', path: '/edge/preflight', status: 404, error: 'not_found' },
  {
    when: 'a file is written to',
    path: '/',
    question: { method: 'POST', body: 'x' },
    status: 405,
    error: 'method_not_allowed',
    headers: { allow: 'GET, HEAD' },
  },
  {
    when: 'the method is TRACE',
    path: '/api/v1/status',
    question: { method: 'TRACE' },
    status: 405,
    error: 'method_not_allowed',
    headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' },
  },
  {
    when: 'a body announces more than 1 MiB',
    path: '/api/v1/auth/login',
    question: {
      method: 'POST',
      body: Buffer.alloc(oneMiB + 1),
      headers: { 'content-length': String(oneMiB + 1) },
    },
    status: 413,
    error: 'payload_too_large',
  },
  {
    when: 'a body in chunks grows over 1 MiB',
    path: '/api/v1/auth/login',
    question: { method: 'POST', body: Buffer.alloc(oneMiB + 1), headers: { 'transfer-encoding': 'chunked' } },
    status: 413,
    error: 'payload_too_large',
  },
  {
    when: 'the address is longer than 8 KiB',
    path: `/${long}`,
    status: 414,
    error: 'uri_too_long',
    originIsUnread: true,
  },
  {
    when: 'a header is longer than 8 KiB',
    path: '/api/v1/status',
    question: { headers: { 'x-long': long } },
    status: 431,
    error: 'headers_too_large',
  },
  {
    when: 'a request names no transfer encoding of HTTP',
    path: '/api/v1/auth/login',
    question: { method: 'POST', headers: { 'transfer-encoding': 'zip' } },
    status: 501,
    error: 'bad_request',
  },
]

for (const { when, path, question = {}, status, error, headers = {}, originIsUnread } of refusals) {
  t.test(`answers ${status} ${error} when ${when}`, async (t) => {
    const asked = { ...question, headers: { origin, ...question.headers } }
    const reply = await ask<Problem>(edge.gatewayPort, path, asked)
    t.equal(reply.status, status)
    t.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.strictSame(Object.keys(reply.body), ['type', 'title', 'status', 'error', 'detail', 'requestId'])
    t.match(reply.body, { type: `/docs/errors#${error}`, title: titleOf(error), status, error })
    t.equal(reply.headers['x-request-id'], reply.body.requestId)
    t.match(reply.headers, {
      ...headers,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': /frame-ancestors 'none'/,
      vary: /\bOrigin\b/,
      server: 'nginx',
    })
    if (originIsUnread) return
    t.match(reply.headers, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': /\bRetry-After\b/,
    })
  })
}

t.test('answers bytes that are no HTTP with a problem as well', async (t) => {
  const reply = await sendBytes(edge.gatewayPort, 'NO SUCH THING\r\n\r\n')
  t.match(reply, /^HTTP\/1\.1 400 /)
  t.match(reply, /"error":"bad_request"/)
})

t.test('refuses a request whose two Authorization headers disagree, before either is believed', async (t) => {
  const reply = await sendBytes(
    edge.gatewayPort,
    'GET /api/v1/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nConnection: close\r\n\r\n',
  )
  t.match(reply, /^HTTP\/1\.1 400 /)
})

t.test('refuses a request with both a length and chunks', async (t) => {
  const before = edge.replicas.flatMap((replica) => replica.received).length
  const reply = await sendBytes(
    edge.gatewayPort,
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  )
  t.match(reply, /^HTTP\/1\.1 400 /)
  t.equal(edge.replicas.flatMap((replica) => replica.received).length, before)
})

t.test('closes on a client that never finishes its headers or its body', async (t) => {
  const start = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n'
  const [headers, body] = await Promise.all([
    sendBytes(edge.gatewayPort, start),
    sendBytes(edge.gatewayPort, `${start}Content-Length: 10\r\n\r\nabc`),
  ])
  t.equal(headers, '')
  t.equal(body, '')
})
