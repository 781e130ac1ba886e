/** Which paths pass the edge, as what, and that no spelling of a path goes round the bearer check. */

import t from 'tap'
import { startEdge } from './support/edge.ts'
import { ask } from './support/http.ts'
import type { Seen } from './support/stub-replica.ts'

const edge = await startEdge(t)
const bearer = { authorization: 'Bearer dummy-token' }

const publicRoutes: ReadonlyArray<readonly [string, string]> = [
  ['GET', '/api/v1/health'],
  ['GET', '/api/v1/health/ready'],
  ['GET', '/api/v1/status'],
  ['GET', '/api/v1/external'],
  ['GET', '/api/v1/resources'],
  ['GET', '/api/v1/resources/1'],
  ['GET', '/api/v1/items?limit=2'],
  ['GET', '/api/v1/items/1'],
  ['HEAD', '/api/v1/resources/1'],
  ['POST', '/api/v1/auth/register'],
  ['POST', '/api/v1/auth/login'],
  ['POST', '/api/v1/auth/refresh'],
  ['POST', '/api/v1/users/register'],
  ['POST', '/api/v1/users/login'],
]

for (const [method, path] of publicRoutes) {
  t.test(`lets anyone ${method} ${path}, with or without the version`, async (t) => {
    for (const spelling of [
      path,
      path.replace('/api/v1/', '/api/').replace('/api/health', '/api/v1/health'),
    ]) {
      const reply = await ask<Seen>(edge.gatewayPort, spelling, { method })
      t.equal(reply.status, 200, spelling)
      if (method !== 'HEAD') t.equal(reply.body.url, path, spelling)
    }
  })
}

const protectedSpellings = [
  '/api//v1/users',
  '//api/v1/users',
  '/api/v1//users',
  '/api/./users',
  '/api/v1/status/../users',
  '/api/v1/resources/../users',
  '/api/v1/auth/login/../../users',
  '/api/v1/resources/%2e%2e/users',
  '/api/v1/resources%2f..%2fusers',
  '/api/v1/%75sers',
  '/%61pi/v1/users',
  '/api/v1/users/?x=/api/v1/status',
  '/api/v1/users?/api/v1/status',
  '/api/v1/users#/api/v1/status',
  '/api/v1/resources/1/secret',
  '/api/v1/v1/status',
  '/docs/../api/v1/users',
  '/health/../api/users',
]

for (const path of protectedSpellings) {
  t.test(`asks for a credential at ${path}`, async (t) => {
    t.equal((await ask(edge.gatewayPort, path)).status, 401)
  })
}

t.test(
  'lets the application answer 405 where every method of a path is public, and only there',
  async (t) => {
    for (const [method, path] of [
      ['DELETE', '/api/v1/status'],
      ['GET', '/api/auth/login'],
      ['PATCH', '/api/v1/health'],
    ] as const) {
      t.match(await ask<Seen>(edge.gatewayPort, path, { method }), { status: 200, body: { method } })
    }
    for (const method of ['POST', 'DELETE']) {
      t.equal((await ask(edge.gatewayPort, '/api/v1/resources', { method })).status, 401, method)
      t.equal((await ask(edge.gatewayPort, '/api/v1/resources/1', { method })).status, 401, method)
    }
  },
)

t.test('sends on the path it has checked, not the one that was written', async (t) => {
  const sent: Readonly<Record<string, string>> = {
    '/api/users/1': '/api/v1/users/1',
    '/api//v1/./users/1?a=%2F': '/api/v1/users/1?a=%2F',
    '/api/v1/resources/../users': '/api/v1/users',
    '/api/v1/users/a%20b%3Fc%23d': '/api/v1/users/a%20b%3Fc%23d',
    '/api/health': '/api/v1/health/ready',
    '/api': '/api/v1',
    '/api/v1': '/api/v1',
    '/api/v10/users': '/api/v1/v10/users',
  }
  for (const [path, url] of Object.entries(sent)) {
    t.equal((await ask<Seen>(edge.gatewayPort, path, { headers: bearer })).body.url, url, path)
  }
})

t.test('passes every credential of the contract on, unread', async (t) => {
  const credentials = [
    { authorization: 'Bearer dummy-token' },
    { authorization: 'bearer dummy-token' },
    { authorization: 'Bearer eyJ.eyJ-_.a~b+c/d==' },
    { 'x-api-key': 'admin-token-dev' },
    { authorization: 'Bearer a', 'x-api-key': 'b' },
  ]
  for (const headers of credentials) {
    const reply = await ask<Seen>(edge.gatewayPort, '/api/v1/me', { headers })
    t.equal(reply.status, 200)
    t.match(reply.body.headers, headers)
  }
})

t.test('answers preflights of protected paths without asking a replica', async (t) => {
  const before = edge.replicas.flatMap((replica) => replica.received).length
  for (const path of [
    '/api/v1/users/1',
    '/api/items',
    '/api/v1/auth/login',
    '/api/v1/no-such-thing',
    '/api/health',
  ]) {
    const reply = await ask(edge.gatewayPort, path, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:8080',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization',
      },
    })
    t.equal(reply.status, 204, path)
    t.match(reply.headers, {
      'access-control-allow-origin': 'http://localhost:8080',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': /PUT, PATCH, DELETE/,
      'access-control-allow-headers':
        /Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, traceparent/,
      'access-control-max-age': '600',
      vary: /Origin/,
    })
  }
  t.equal(edge.replicas.flatMap((replica) => replica.received).length, before)
})

t.test('tells no other origin that it may read', async (t) => {
  const strangers = [
    'http://evil.example',
    'http://localhost:80800',
    'http://localhost:8080.evil.example',
    'http://localhost:8080,http://localhost:5173',
    'xhttp://localhost:8080',
    'http://localhost',
    'http://localhostx8080',
    'null',
    ',',
    '|',
  ]
  for (const origin of strangers) {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await ask(edge.gatewayPort, '/api/v1/status', { method, headers: { origin } })
      t.notOk(headers['access-control-allow-origin'], origin)
      t.notOk(headers['access-control-allow-credentials'], origin)
    }
  }
})

t.test('proxies the paths of the operations, and only those', async (t) => {
  for (const path of [
    '/health',
    '/health/ready',
    '/metrics',
    '/docs',
    '/docs/a.js',
    '/openapi.json',
    '/.well-known/jwks.json',
  ]) {
    t.equal((await ask<Seen>(edge.gatewayPort, path)).body.url, path)
  }
  t.equal((await ask<Seen>(edge.gatewayPort, '/lb/status')).body.url, '/internal/replicas')
  t.strictSame((await ask(edge.gatewayPort, '/gateway-health')).body, { status: 'ok', service: 'gateway' })
  t.strictSame((await ask(edge.gatewayPort, '/lb-health')).body, { status: 'ok', service: 'balancer' })
  for (const path of [
    '/internal',
    '/internal/replicas',
    '/docs/../internal/replicas',
    '/%69nternal/replicas',
  ]) {
    t.equal((await ask(edge.gatewayPort, path)).status, 404, path)
  }
})

t.test('passes the token for the metrics on', async (t) => {
  const { body } = await ask<Seen>(edge.gatewayPort, '/metrics', { headers: bearer })
  t.equal(body.headers.authorization, bearer.authorization)
})

t.test("serves on the balancer's own port the API, its health and the replicas alone", async (t) => {
  t.equal((await ask<Seen>(edge.balancerPort, '/api/v1/users')).body.url, '/api/v1/users')
  t.equal((await ask<Seen>(edge.balancerPort, '/api/v1/a/../users')).body.url, '/api/v1/users')
  t.equal((await ask<Seen>(edge.balancerPort, '/lb/status')).body.url, '/internal/replicas')
  t.equal((await ask(edge.balancerPort, '/lb-health')).status, 200)
  for (const path of [
    '/',
    '/internal/replicas',
    '/api/../internal/replicas',
    '/metrics',
    '/docs',
    '/health',
    '/edge/problem',
  ]) {
    const reply = await ask(edge.balancerPort, path)
    t.equal(reply.status, 404, path)
    t.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.match(reply.body, { error: 'not_found', requestId: reply.headers['x-request-id'] })
  }
})
