/** The shield: how much one address may do, by whatever spelling and under whatever name. */

import t from 'tap'
import { startEdge } from './support/edge.ts'
import { ask, type Problem, type Question } from './support/http.ts'
import { json, type Seen } from './support/stub-replica.ts'

const origin = 'http://localhost:5173'

t.test(
  'one address may sign in 20 times at once, counted over every spelling and every spoofed name',
  async (t) => {
    const edge = await startEdge(t)
    const spellings = [
      '/api/v1/auth/login',
      '/api/auth/login',
      '/api//v1/auth/login',
      '/api/v1/auth/../auth/login',
      '/api/v1/auth/log%69n',
      '/api/v1/auth/login/',
      '/api/users/login',
      '/api/v1/users/login?x=1',
      '/api/v1/auth/register',
      '/api/v1/users/register',
      '/api/v1/auth/refresh',
    ]
    const signIn = (n: number, from: string, more: Question = {}) =>
      ask<Problem>(edge.gatewayPort, spellings[n % spellings.length] ?? '', {
        method: 'POST',
        body: '{}',
        from,
        headers: {
          origin,
          authorization: 'Bearer shaped-like-one',
          'x-forwarded-for': `10.0.0.${n}`,
          'x-real-ip': `10.0.0.${n}`,
        },
        ...more,
      })

    const replies = await Promise.all(Array.from({ length: 44 }, (_, n) => signIn(n, '127.0.0.2')))
    const refused = replies.filter((reply) => reply.status === 429)
    t.equal(replies.length - refused.length, 20)

    for (const { body, headers } of refused) {
      t.match(body, {
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        title: 'Quota spent',
        status: 429,
        error: 'rate_limited',
        requestId: headers['x-request-id'],
      })
      t.match(headers, {
        'content-type': 'application/problem+json; charset=utf-8',
        'retry-after': '3',
        'ratelimit-policy': '"sign-in";q=20;w=60',
        ratelimit: '"sign-in";r=0;t=3',
        'access-control-allow-origin': origin,
        'x-content-type-options': 'nosniff',
      })
    }

    t.equal((await signIn(0, '127.0.0.3')).status, 200, 'another address is free')
    t.equal(
      (await ask(edge.gatewayPort, '/api/v1/status', { from: '127.0.0.2' })).status,
      200,
      'so is any other path',
    )
    const preflight = await ask(edge.gatewayPort, '/api/v1/auth/login', {
      method: 'OPTIONS',
      from: '127.0.0.2',
    })
    t.equal(preflight.status, 204, 'and a preflight')
  },
)

t.test('one address may send its burst and no more', async (t) => {
  const edge = await startEdge(t, { variables: { EDGE_RATE_PER_SECOND: '1', EDGE_BURST: '4' } })
  const replies = await Promise.all(
    Array.from({ length: 12 }, () => ask<Problem>(edge.gatewayPort, '/api/v1/status', { from: '127.0.0.4' })),
  )
  const refused = replies.filter((reply) => reply.status === 429)
  // A second may pass between the first and the last on a busy machine, and it brings one more.
  t.ok(refused.length === 7 || refused.length === 6, `${refused.length} of 12 were refused`)
  t.match(refused[0], {
    headers: { 'retry-after': '1', 'ratelimit-policy': '"edge";q=1;w=1', ratelimit: '"edge";r=0;t=1' },
    body: { error: 'rate_limited' },
  })
  t.equal((await ask(edge.gatewayPort, '/gateway-health', { from: '127.0.0.4' })).status, 200)
})

t.test('one address may hold only so many requests open', async (t) => {
  const waiting: Array<() => void> = []
  const edge = await startEdge(t, {
    variables: { EDGE_CONNECTIONS: '3' },
    answer: (_, reply) => {
      waiting.push(() => json(reply, 200, {}))
      if (waiting.length === 3) allHeld.resolve()
    },
  })
  const allHeld = Promise.withResolvers<void>()
  const held = [1, 2, 3].map(() => ask(edge.gatewayPort, '/api/v1/status', { from: '127.0.0.5' }))
  await allHeld.promise
  const refused = await ask<Problem>(edge.gatewayPort, '/api/v1/status', { from: '127.0.0.5' })
  t.match(refused, { status: 429, body: { error: 'too_many_connections' }, headers: { 'retry-after': '1' } })
  for (const release of waiting) release()
  for (const reply of await Promise.all(held)) t.equal(reply.status, 200)
})

t.test('a listed proxy speaks for its clients, from the right: the part it wrote itself', async (t) => {
  const edge = await startEdge(t, {
    variables: { TRUSTED_PROXY_DIRECTIVES: 'set_real_ip_from 127.0.0.9/32;' },
  })
  const chain = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' }
  const through = async (from: string) =>
    (await ask<Seen>(edge.gatewayPort, '/api/v1/status', { from, headers: chain })).body.headers
  t.match(await through('127.0.0.9'), { 'x-real-ip': '203.0.113.7' })
  t.match(await through('127.0.0.8'), { 'x-real-ip': '127.0.0.8' })

  const metricsFrom = (address: string) =>
    ask(edge.gatewayPort, '/metrics', { from: '127.0.0.9', headers: { 'x-forwarded-for': address } })
  t.equal((await metricsFrom('10.1.2.3')).status, 200)
  t.match(await metricsFrom('203.0.113.7'), { status: 403, body: { error: 'forbidden' } })
})

t.test('clients of one IPv6 /64 share one allowance', async (t) => {
  const edge = await startEdge(t, {
    variables: { TRUSTED_PROXY_DIRECTIVES: 'set_real_ip_from 127.0.0.0/8;' },
  })
  const signIn = async (address: string) =>
    (
      await ask(edge.gatewayPort, '/api/v1/auth/login', {
        method: 'POST',
        headers: { 'x-forwarded-for': address },
      })
    ).status
  const neighbours = await Promise.all(
    Array.from({ length: 24 }, (_, n) => signIn(`2001:db8:1:2:${n + 1}::1`)),
  )
  t.equal(neighbours.filter((status) => status === 200).length, 20)
  t.equal(await signIn('2001:db8:1:3::1'), 200)
})

t.test('under TLS it says so, to browsers and to the application', async (t) => {
  const edge = await startEdge(t, { variables: { EDGE_HSTS: 'true' } })
  const reply = await ask<Seen>(edge.gatewayPort, '/api/v1/status')
  t.match(reply.headers['strict-transport-security'], /^max-age=31536000/)
  t.equal(reply.body.headers['x-forwarded-proto'], 'https')
})
