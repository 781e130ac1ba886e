/** API keys: shown once, never more than their maker, gone everywhere when they are ended. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { admin, person, roleWith } from '#tests/support/people.ts'

interface Shown {
  id: number
  key: string
  scopes: string[]
  tier: string | null
  expiresAt: string | null
}

const path = '/api/v1/api-keys'

t.test('a key is shown once, works in both headers, and is listed without its secret', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const ann = await person(one, await roleWith(one, ['users:read', 'audit:read']))
  const made = await ann.call<Shown>('POST', path, { body: { name: 'ci', scopes: ['users:read'] } })
  t.match(made, {
    status: 201,
    body: { key: /^slc_\d+_[0-9A-Za-z]{36}$/, scopes: ['users:read'], tier: null },
  })
  const { key, id } = made.body
  t.equal((await one.call('GET', '/api/v1/users', { token: key })).status, 200)
  t.equal((await one.call('GET', '/api/v1/users', { headers: { 'x-api-key': key } })).status, 200)
  t.equal((await one.call('GET', '/api/v1/admin/audit', { token: key })).status, 403, 'not in its scopes')

  await one.flushLastUsed()
  const list = await ann.call<{ data: Shown[] }>('GET', path)
  t.match(list.body.data, [{ id, name: 'ci', lastUsedAt: String }])
  t.notOk(JSON.stringify(list.body).includes(key))
  const [row] = await shared.database.text<{ dump: string }>(
    `select k::text as dump from api_keys k where id = ${id}`,
  )
  t.notOk(row?.dump.includes(key.slice(-36)), 'the database does not know it either')
})

t.test('a key holds nothing its maker lacks, and loses what its account loses', async (t) => {
  const one = await replica(t, await accounts(t))
  const role = await roleWith(one, ['users:read', 'audit:read'])
  const ann = await person(one, role)
  const create = (body: object) => ann.call<Shown>('POST', path, { body: { name: 'k', ...body } })
  t.equal((await create({ scopes: ['users:write'] })).status, 403)
  t.equal((await create({ scopes: ['*'] })).status, 403)
  t.equal((await create({ tier: 'enterprise' })).status, 403)
  t.equal((await create({ expiresAt: '2020-01-01T00:00:00Z' })).status, 400)
  const { key } = (await create({ scopes: ['users:read'] })).body
  t.equal((await one.call('GET', '/api/v1/users', { token: key })).status, 200)
  await admin(one, 'PUT', `/api/v1/roles/${role}`, { body: { permissions: ['audit:read'] } })
  t.equal((await one.call('GET', '/api/v1/users', { token: key })).status, 403)
})

t.test('a key makes keys within its own reach, and ends none that hold more', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one, await roleWith(one, ['users:read', 'audit:read']))
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const small = (
    await ann.call<Shown>('POST', path, { body: { name: 's', scopes: ['users:read'], expiresAt } })
  ).body
  const large = (
    await ann.call<Shown>('POST', path, { body: { name: 'l', scopes: ['users:read', 'audit:read'] } })
  ).body
  const bySmall = (method: string, url: string, body?: object) =>
    one.call<Shown>(method, url, { token: small.key, body })
  t.equal((await bySmall('POST', path, { name: 'x', scopes: ['audit:read'] })).status, 403)
  t.equal((await bySmall('DELETE', `${path}/${large.id}`)).status, 403)
  t.equal((await bySmall('POST', `${path}/${large.id}/rotation`, {})).status, 403)
  const child = await bySmall('POST', path, { name: 'x', scopes: ['users:read'] })
  t.equal(child.status, 201)
  t.ok(Date.parse(child.body.expiresAt ?? '') <= Date.parse(expiresAt), 'it does not outlive its maker')
  t.equal((await bySmall('DELETE', `${path}/${small.id}`)).status, 204, 'it may end itself')
  t.equal((await bySmall('GET', path)).status, 401)
})

t.test('a deleted key stops on every replica; nobody deletes another person’s', async (t) => {
  const shared = await accounts(t)
  const [one, other] = [await replica(t, shared), await replica(t, shared)]
  const [ann, bob] = [await person(one), await person(one)]
  const { id, key } = (await ann.call<Shown>('POST', path, { body: { name: 'k' } })).body
  t.equal((await other.call('GET', '/api/v1/me', { token: key })).status, 200)
  t.equal((await bob.call('DELETE', `${path}/${id}`)).status, 404)
  t.equal((await ann.call('DELETE', `${path}/${id}`)).status, 204)
  t.equal((await other.call('GET', '/api/v1/me', { token: key })).status, 401)
  t.equal((await ann.call('DELETE', `${path}/${id}`)).status, 404)
})

t.test('a rotated key goes on for the overlap and no longer', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const ann = await person(one)
  const old = (await ann.call<Shown>('POST', path, { body: { name: 'k' } })).body
  const next = await ann.call<Shown>('POST', `${path}/${old.id}/rotation`, { body: { overlapSeconds: 60 } })
  t.equal(next.status, 201)
  const works = async (key: string) => (await one.call('GET', '/api/v1/me', { token: key })).status === 200
  t.ok((await works(old.key)) && (await works(next.body.key)), 'both work for now')
  const last = await ann.call<Shown>('POST', `${path}/${next.body.id}/rotation`, {
    body: { overlapSeconds: 0 },
  })
  t.notOk(await works(next.body.key), 'without an overlap the old one is over')
  t.ok(await works(last.body.key))
})

t.test('outside demo mode the demo’s keys are nothing, and noise is refused without a look-up', async (t) => {
  let lookups = 0
  const one = await replica(t, await accounts(t), {
    isDemo: false,
    guard: (database) => ({
      ...database,
      text: (...args) => {
        lookups += 1
        return database.text(...args)
      },
    }),
  })
  lookups = 0
  for (const token of ['dummy-token', 'admin-token-dev', 'sk_live_0123456789', `slc_1_${'0'.repeat(36)}`]) {
    t.match(await one.call('GET', '/api/v1/me', { token }), { status: 401, body: { error: 'invalid_token' } })
  }
  t.equal(lookups, 0)
})

t.test('a key has the limit it was given, and the keys it makes have none that is wider', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const made = await ann.call<Shown & { limitPerMinute: number }>('POST', path, {
    body: { name: 'slow', limitPerMinute: 4 },
  })
  t.match(made, { status: 201, body: { limitPerMinute: 4 } })
  const bySlow = (method: string, url: string, body?: object) =>
    one.call<{ limitPerMinute: number }>(method, url, { token: made.body.key, body })
  t.match(await bySlow('GET', '/api/v1/resources'), {
    status: 200,
    headers: { 'ratelimit-policy': '"api-key";q=4;w=60' },
  })
  for (const limitPerMinute of [1_000, undefined]) {
    t.equal((await bySlow('POST', path, { name: 'wide', limitPerMinute })).body.limitPerMinute, 4)
  }
  await bySlow('GET', '/api/v1/resources')
  t.match(await bySlow('GET', '/api/v1/resources'), { status: 429, body: { error: 'rate_limited' } })
  t.equal((await ann.call('GET', '/api/v1/resources')).status, 200, 'the account itself is not slowed')
  t.equal((await ann.call('POST', path, { body: { name: 'none', limitPerMinute: 0 } })).status, 400)
})

t.test('keys without a limit of their own spend from one quota, that of their account', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const keys = await Promise.all(
    ['a', 'b'].map(async (name) => (await ann.call<Shown>('POST', path, { body: { name } })).body.key),
  )
  const left = async (token: string): Promise<number> => {
    const { headers } = await one.call('GET', '/api/v1/status', { token })
    return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])
  }
  const [first = '', second = ''] = keys
  const before = await left(ann.token)
  for (let spent = 0; spent < 5; spent++) await left(first)
  t.ok((await left(second)) <= before - 5)
})

t.test('a key ends with the one that made it', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const create = async (token: string): Promise<Shown> =>
    (await one.call<Shown>('POST', path, { token, body: { name: 'k' } })).body
  const parent = await create(ann.token)
  const child = await create(parent.key)
  const grandchild = await create(child.key)
  const other = await create(ann.token)
  t.equal((await ann.call('DELETE', `${path}/${parent.id}`)).status, 204)
  for (const { key } of [parent, child, grandchild]) {
    t.equal((await one.call('GET', '/api/v1/me', { token: key })).status, 401)
  }
  t.equal((await one.call('GET', '/api/v1/me', { token: other.key })).status, 200)
})
