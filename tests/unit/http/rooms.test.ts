/** The other rooms, each through the whole house: limits, permissions, validation, what is not there. */

import t from 'tap'
import { anyPrincipal } from '#http/authorize.ts'
import { thin } from '#http/fields.ts'
import { depthOf, unstorable } from '#http/json-body.ts'
import { matches, represented } from '#http/representation.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { AppError } from '#kernel/errors.ts'
import { allowed, type Limiter, refused } from '#kernel/limiter/policy.ts'
import { anonymous, type Principal } from '#kernel/principal.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { fakeClock } from '#tests/support/clock.ts'
import { openLimiter, policies, rooms } from '#tests/support/rooms.ts'

const open = { config: { public: true } } as const
const member: Principal = {
  ...anonymous,
  kind: 'api-key',
  userId: 1,
  tier: 'pro',
  bucket: 'api-key:9',
  permissions: new Set(['items:write']),
}
const asMember = { authorization: 'Bearer member' }

t.test('each answer is told of once, with its own status', async (t) => {
  const { now } = fakeClock()
  const told: number[] = []
  const counts = requestCounts()
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/api/v1/one', open, async () => 'ok')
    },
    { observe: { counts, log: ({ status }) => told.push(status), now } },
  )
  await app.inject('/api/v1/one')
  await app.inject('/nothing')
  t.strictSame(told, [200, 404])
  t.equal(counts.inFlight(), 0)
})

t.test('a room that throws behind one that waited ends in a refusal, not in the process', async (t) => {
  const limiter: Limiter = {
    ...openLimiter,
    take: () => {
      throw new Error('a defect')
    },
  }
  const { app, defects } = await rooms(
    t,
    (api) => {
      api.get('/api/v1/one', open, async () => 'ok')
    },
    {
      authenticate: {
        known: credentialMap(1),
        check: async () => member,
        isTrusted: () => true,
        now: () => 0,
      },
      rateLimit: { limiter, policies },
    },
  )
  t.equal((await app.inject({ url: '/api/v1/one', headers: asMember })).statusCode, 500)
  t.equal(defects.length, 1)
})

t.test('limits: whose bucket, at what cost, and what the answer says', async (t) => {
  const takes: [string, string, number][] = []
  let isAllowed = true
  const limiter: Limiter = {
    ...openLimiter,
    take: (key, policy, cost) => {
      takes.push([key, policy.name, cost])
      const verdict = isAllowed ? allowed(policy, 7) : refused(policy, 0, 1_500)
      return takes.length % 2 === 0 ? Promise.resolve(verdict) : verdict
    },
  }
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/api/v1/one', open, async () => 'ok')
      api.get('/api/v1/dear', { config: { public: true, cost: 5 } }, async () => 'ok')
      api.get('/elsewhere', open, async () => 'ok')
    },
    {
      rateLimit: { limiter, policies },
      authenticate: {
        known: { get: () => member } as never,
        check: async () => member,
        isTrusted: () => true,
        now: () => 0,
      },
    },
  )
  const one = await app.inject({ url: '/api/v1/one', remoteAddress: '192.0.2.1' })
  t.equal(one.headers['ratelimit-policy'], '"anonymous";q=10;w=60')
  t.equal(one.headers.ratelimit, '"anonymous";r=7;t=3')
  await app.inject({ url: '/api/v1/dear', headers: asMember })
  await app.inject({ url: '/api/v1/unknown', headers: asMember })
  await app.inject('/elsewhere')
  await app.inject('/api/v1/health')
  await app.inject('/api/v1/health/ready')
  t.strictSame(takes, [
    ['ip:192.0.2.1', 'anonymous', 1],
    ['api-key:9', 'pro', 5],
    ['api-key:9', 'pro', 1],
  ])
  isAllowed = false
  for (let each = 0; each < 2; each++) {
    const denied = await app.inject('/api/v1/one')
    t.equal(denied.statusCode, 429)
    t.match(denied.json(), { error: 'rate_limited', type: /quota-exceeded$/ })
    t.match(denied.headers, { 'retry-after': '2', ratelimit: '"anonymous";r=0;t=10' })
  }
})

t.test('permissions: what a route needs, and who is refused how', async (t) => {
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/any', { config: { permission: anyPrincipal } }, async () => 'ok')
      api.get('/write', { config: { permission: 'items:write' } }, async () => 'ok')
      api.get('/admin', { config: { permission: 'admin:read' } }, async () => 'ok')
    },
    {
      authenticate: {
        known: { get: () => member } as never,
        check: async () => member,
        isTrusted: () => true,
        now: () => 0,
      },
    },
    ['items:write', 'admin:read'],
  )
  const ask = async (url: string, headers = {}) => (await app.inject({ url, headers })).statusCode
  t.strictSame([await ask('/any'), await ask('/any', asMember)], [401, 200])
  t.strictSame([await ask('/write'), await ask('/write', asMember)], [401, 200])
  t.strictSame([await ask('/admin'), await ask('/admin', asMember)], [401, 403])
})

t.test('a route that says nothing of who may use it keeps the process from starting', async (t) => {
  await t.rejects(
    rooms(t, (api) => void api.get('/silent', async () => 'ok')),
    /GET \/silent has neither a permission nor public: true/,
  )
  await t.rejects(
    rooms(t, (api) => void api.get('/typo', { config: { permission: 'itmes:write' } }, async () => 'ok')),
    /GET \/typo needs itmes:write, which no module declares/,
  )
})

t.test(
  'bodies are taken as they are, addresses have their numbers read, unknown members are refused',
  async (t) => {
    const schema = {
      body: {
        type: 'object',
        properties: { count: { type: 'integer' }, isOn: { type: 'boolean' }, name: { type: 'string' } },
        additionalProperties: false,
      },
      querystring: {
        type: 'object',
        properties: { count: { type: 'integer' }, isOn: { type: 'boolean' } },
        additionalProperties: false,
      },
    }
    const { app } = await rooms(t, (api) => {
      api.post('/takes', { ...open, schema }, async ({ body, query }) => ({ body, query }))
    })
    const post = async (payload: object, query = '') =>
      (await app.inject({ method: 'POST', url: `/takes${query}`, payload })).json()
    t.match(await post({ count: 1 }, '?count=2&isOn=true'), {
      body: { count: 1 },
      query: { count: 2, isOn: true },
    })
    for (const [payload, path] of [
      [{ count: '1' }, 'count'],
      [{ isOn: 'true' }, 'isOn'],
      [{ isOn: 1 }, 'isOn'],
      [{ name: 1 }, 'name'],
      [{ count: null }, 'count'],
      [{ more: 1 }, 'more'],
    ] as const) {
      t.match(
        await post(payload),
        { error: 'validation_failed', errors: [{ path }] },
        JSON.stringify(payload),
      )
    }
    t.match(await post({}, '?count=x'), { errors: [{ path: 'query.count' }] })
    t.match(await post({}, '?more=1'), { errors: [{ path: 'query.more', message: 'is not a member here' }] })
  },
)

t.test('nesting is counted outside of strings', async (t) => {
  t.equal(depthOf('1'), 0)
  t.equal(depthOf('{"a":[{"b":1}]}'), 3)
  t.equal(depthOf('["[[[[","\\"[[[",{}]'), 2)
  t.equal(depthOf('"\\\\"[['), 2, 'an escaped backslash does not escape the quote')
  t.equal(depthOf('['.repeat(1_000_000)), 1_000_000)
  t.equal(unstorable({ a: [1, null, 'x', { b: 'y\0' }] }, []), 'a.3.b')
  t.equal(unstorable({ a: { '\ud800': 1 } }, []), 'a')
  t.equal(unstorable({ a: '😀', b: [true] }, []), undefined)
})

t.test('a body may be 32 levels deep and no more', async (t) => {
  const { app } = await rooms(t, (api) => {
    api.post('/takes', open, async () => 'ok')
  })
  const post = async (depth: number) =>
    (
      await app.inject({
        method: 'POST',
        url: '/takes',
        headers: { 'content-type': 'application/json' },
        payload: '['.repeat(depth) + ']'.repeat(depth),
      })
    ).statusCode
  t.strictSame([await post(32), await post(33)], [200, 400])
})

t.test('tags match weakly, alone, in lists, and as a star', async (t) => {
  const { etag } = represented('{"a":1}')
  t.match(etag, /^"[A-Za-z0-9_-]+"$/)
  for (const header of [etag, `W/${etag}`, '*', `"x", ${etag}`, `W/"x",W/${etag}`]) {
    t.ok(matches(header, etag), header)
  }
  for (const header of ['', '"x"', etag.replaceAll('"', ''), `w/${etag}`, `${etag}x`]) {
    t.notOk(matches(header, etag), header)
  }
  t.not(represented('{"a":2}').etag, etag)
})

t.test('fields thin a thing, or each thing of a list', async (t) => {
  const parse = (json: string, fields: string) => JSON.parse(thin(represented(json), fields).body.toString())
  t.strictSame(parse('{"id":1,"name":"x","type":"y"}', 'id, name'), { id: 1, name: 'x' })
  t.strictSame(parse('{"data":[{"id":1,"name":"x"}],"pagination":{"limit":1}}', 'id'), {
    data: [{ id: 1 }],
    pagination: { limit: 1 },
  })
  t.strictSame(parse('{"data":[1],"id":2}', 'data'), { data: [1] }, 'a thing with a member called data')
})

t.test('what is not there: 405 with Allow, 401 or 404; OPTIONS tells the methods', async (t) => {
  const { app } = await rooms(t, (api) => {
    api.get('/api/v1/things/:id', open, async () => 'ok')
    api.delete('/api/v1/things/:id', open, async () => 'ok')
    api.get('/api/v1/things.json', open, async () => 'ok')
    api.get('/fails', open, async () => {
      throw new AppError('conflict')
    })
  })
  const ask = async (method: 'GET' | 'PUT' | 'OPTIONS', url: string) => {
    const { statusCode, headers } = await app.inject({ method, url })
    return [statusCode, headers.allow]
  }
  const methods = 'DELETE, GET, HEAD, OPTIONS'
  t.strictSame(await ask('PUT', '/api/v1/things/7?x=1'), [405, methods])
  t.strictSame(await ask('PUT', '/api/v1/things/7/'), [405, methods])
  t.strictSame(await ask('OPTIONS', '/api/v1/things/7'), [204, methods])
  t.strictSame(await ask('PUT', '/api/v1/things/7/more'), [401, undefined])
  t.strictSame(await ask('GET', '/api/v1/thingsxjson'), [401, undefined], 'a dot is a dot')
  t.strictSame(await ask('OPTIONS', '/nothing'), [404, undefined])
  t.strictSame(await ask('GET', '/fails'), [409, undefined])
})
