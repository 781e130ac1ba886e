/** Attacks through what a request carries: CSRF, XSS, injection, mass assignment, SSRF, and references to others' things. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { admin, password, person } from '#tests/support/people.ts'

t.test('csrf: a cookie does nothing but refresh, and that for own pages only', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const cookie = `__Secure-refresh=${ann.refreshToken}`
  const evil = { cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  t.equal((await one.call('POST', '/api/v1/auth/refresh', { headers: evil })).status, 403)
  const own = { cookie, 'sec-fetch-site': 'same-origin' }
  for (const [method, url] of [
    ['GET', '/api/v1/me'],
    ['DELETE', '/api/v1/me'],
    ['POST', '/api/v1/auth/logout'],
    ['GET', '/api/v1/api-keys'],
  ] as const) {
    t.equal((await one.call(method, url, { headers: own })).status, 401, `${method} ${url} by cookie`)
  }
  const form = { ...evil, 'content-type': 'application/x-www-form-urlencoded' }
  t.equal((await one.call('POST', '/api/v1/auth/login', { headers: form, body: 'email=a' })).status, 415)
})

t.test('xss: what a person typed comes back as JSON that no browser renders', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const name = '<img src=x onerror=alert(1)>"</script>'
  const answer = await ann.call('PATCH', '/api/v1/me', { body: { name } })
  t.match(answer.body, { user: { name } })
  t.match(answer.headers['content-type'], /^application\/json/)
  const refused = await one.call('GET', '/api/v1/users/%3Cscript%3E', { token: ann.token })
  t.match(refused.headers['content-type'], /^application\/problem\+json/)
})

t.test('injection: what looks like SQL is text, and what Postgres cannot hold is refused', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const evil = `'; drop table users; --`
  t.match(await ann.call('PATCH', '/api/v1/me', { body: { name: evil } }), {
    status: 200,
    body: { user: { name: evil } },
  })
  const probes = [
    `/api/v1/users?email=${encodeURIComponent("x@y.z' or '1'='1")}`,
    `/api/v1/users?sort=${encodeURIComponent('name; drop table users')}`,
    `/api/v1/users?role=${encodeURIComponent("user' --")}`,
    `/api/v1/users?cursor=${Buffer.from('["createdAt","1\' or 1=1",1]').toString('base64url')}`,
    `/api/v1/users/${encodeURIComponent('1 or 1=1')}`,
    `/api/v1/admin/audit?target=${encodeURIComponent('{"$ne":1}')}`,
  ]
  for (const url of probes) {
    const { status, body } = await admin(one, 'GET', url)
    t.ok(status === 400 || status === 200, `${status} ${url}`)
    t.notMatch(JSON.stringify(body), /syntax|postgres|relation|select /i)
  }
  t.equal((await ann.call('PATCH', '/api/v1/me', { body: { name: 'a\u0000b' } })).status, 400)
  const login = { email: { $ne: '' }, password: { $ne: '' } }
  t.equal((await one.call('POST', '/api/v1/auth/login', { body: login })).status, 400)
  const polluted = '{"name":"x","__proto__":{"isAdmin":true}}'
  t.equal(
    (
      await ann.call('PATCH', '/api/v1/me', {
        body: polluted,
        headers: { 'content-type': 'application/json' },
      })
    ).status,
    400,
  )
  t.equal((await admin(one, 'GET', '/api/v1/users')).status, 200, 'the table is still there')
})

t.test('idor: nobody reads or changes what belongs to another', async (t) => {
  const one = await replica(t, await accounts(t))
  const [ann, bob] = [await person(one), await person(one)]
  const key = await ann.call<{ id: number }>('POST', '/api/v1/api-keys', { body: { name: 'k' } })
  const item = await ann.call<{ id: number }>('POST', '/api/v1/items', { body: { title: 'A lamp' } })
  const sessions = await ann.call<{ data: { id: number }[] }>('GET', '/api/v1/me/sessions')
  const attempts: [string, string, number, object?][] = [
    ['GET', `/api/v1/users/${ann.id}`, 403],
    ['GET', '/api/v1/users/999999', 403],
    ['PATCH', `/api/v1/users/${ann.id}`, 403, { name: 'x' }],
    ['DELETE', `/api/v1/users/${ann.id}`, 403],
    ['DELETE', `/api/v1/api-keys/${key.body.id}`, 404],
    ['POST', `/api/v1/api-keys/${key.body.id}/rotation`, 404, {}],
    ['DELETE', `/api/v1/me/sessions/${sessions.body.data[0]?.id}`, 404],
    ['PATCH', `/api/v1/items/${item.body.id}`, 403, { title: 'x' }],
    ['DELETE', `/api/v1/items/${item.body.id}`, 403],
  ]
  for (const [method, url, status, body] of attempts) {
    t.equal((await bob.call(method, url, { body })).status, status, `${method} ${url}`)
  }
  t.equal((await ann.call('GET', '/api/v1/me')).status, 200, 'and nothing happened to her')
})

t.test('mass assignment: role, tier, owner, id and times in a body are refused', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const extras = {
    id: 1,
    role: 'admin',
    tier: 'enterprise',
    ownerId: 1,
    isActive: true,
    createdAt: '2020-01-01T00:00:00Z',
    passwordHash: 'x',
    permissions: ['*'],
  }
  const doors: [string, string, object][] = [
    ['POST', '/api/v1/auth/register', { email: 'm@example.org', password, name: 'M' }],
    ['PATCH', '/api/v1/me', { name: 'M' }],
    ['POST', '/api/v1/items', { title: 'M' }],
    ['POST', '/api/v1/resources', { name: 'M', type: 'document' }],
  ]
  for (const [method, url, body] of doors) {
    for (const [member, value] of Object.entries(extras)) {
      const answer = await ann.call(method, url, { body: { ...body, [member]: value } })
      t.match(answer, { status: 400, body: { errors: [{ path: member }] } }, `${member} at ${url}`)
    }
  }
  t.match(await ann.call('GET', '/api/v1/me'), { body: { user: { role: 'user', name: /^Person/ } } })
})

t.test('ssrf: no door of accounts takes an address that the server would call', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  for (const member of ['url', 'callbackUrl', 'avatarUrl', 'webhook', 'redirect']) {
    const body = { name: 'k', [member]: 'http://169.254.169.254/latest/meta-data' }
    t.equal((await ann.call('POST', '/api/v1/api-keys', { body })).status, 400)
    t.equal((await ann.call('PATCH', '/api/v1/me', { body })).status, 400)
  }
})

t.test('a refusal shows nothing from inside', async (t) => {
  const one = await replica(t, await accounts(t), {
    guard: (database) => ({
      ...database,
      text: async (query, ...rest) => {
        if (query.includes('from api_keys where owner_id'))
          throw new Error('relation "secret" at 10.0.0.7:5432')
        return database.text(query, ...rest)
      },
    }),
  })
  const ann = await person(one)
  const logged = console.error
  console.error = () => {}
  const { status, body } = await ann.call('GET', '/api/v1/api-keys')
  console.error = logged
  t.equal(status, 500)
  t.match(body, { error: 'internal', requestId: String })
  t.notMatch(JSON.stringify(body), /secret|10\.0\.0\.7|stack|\.ts/)
})
