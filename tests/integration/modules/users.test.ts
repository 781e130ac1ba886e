/** Accounts as others see and change them. */

import t from 'tap'
import { demoAccountsPresent, makeFirstAdmin, purgeDemoAccounts } from '#modules/users/index.ts'
import { accounts, replica } from '#tests/support/accounts.ts'
import { admin, password, person, roleWith, type SignedIn } from '#tests/support/people.ts'

interface Invited {
  id: number
  invitationToken: string
}

t.test('an invited person sets a password once, and is signed in with it', async (t) => {
  const one = await replica(t, await accounts(t))
  const body = { name: 'John Doe', email: 'john@example.com' }
  const invited = await admin<Invited>(one, 'POST', '/api/v1/users', { body })
  t.equal(invited.status, 201)
  const set = () =>
    one.call('PUT', '/api/v1/auth/password', { body: { token: invited.body.invitationToken, password } })
  const weak = { token: invited.body.invitationToken, password: 'password12345' }
  t.equal((await one.call('PUT', '/api/v1/auth/password', { body: weak })).status, 400)
  t.equal((await set()).status, 204)
  t.equal((await set()).status, 401, 'a token works once')
  const signedIn = await one.call('POST', '/api/v1/auth/login', { body: { email: body.email, password } })
  t.equal(signedIn.status, 200)
})

t.test('a reset reaches the person alone, ends the sessions, and tells a stranger nothing', async (t) => {
  const sent: { to: string; token: string }[] = []
  const delivered = Promise.withResolvers<void>()
  const one = await replica(t, await accounts(t), {
    deliver: async (message) => {
      sent.push(message)
      delivered.resolve()
    },
  })
  const ann = await person(one)
  const ask = (email: string) => one.call('POST', '/api/v1/auth/password-reset', { body: { email } })
  const unknown = await ask('nobody@example.org')
  const known = await ask(ann.email)
  t.strictSame([known.status, known.body], [unknown.status, unknown.body])
  await delivered.promise
  t.equal(sent.length, 1)
  t.equal(sent[0]?.to, ann.email)
  const body = { token: sent[0]?.token, password: 'another long phrase' }
  t.equal((await one.call('PUT', '/api/v1/auth/password', { body })).status, 204)
  t.equal((await ann.call('GET', '/api/v1/me')).status, 401)
})

t.test('an expired token sets nothing', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const invited = await admin<Invited>(one, 'POST', '/api/v1/users', {
    body: { name: 'J', email: 'j@example.com' },
  })
  await shared.database.text(`update account_tokens set expires_at = now() - interval '1 second'`)
  const body = { token: invited.body.invitationToken, password }
  t.equal((await one.call('PUT', '/api/v1/auth/password', { body })).status, 401)
})

t.test('a batch is all or nothing', async (t) => {
  const one = await replica(t, await accounts(t))
  const users = ['a', 'b', 'a'].map((name) => ({ name, email: `${name}@example.org` }))
  t.equal((await admin(one, 'POST', '/api/v1/users/batch', { body: { users } })).status, 409)
  t.match(await admin(one, 'POST', '/api/v1/users/batch', { body: { users: users.slice(0, 2) } }), {
    status: 201,
    body: { data: [{ invitationToken: String }, { invitationToken: String }] },
  })
})

t.test('users:write never touches an account that holds more than the caller', async (t) => {
  const one = await replica(t, await accounts(t))
  const clerk = await person(one, await roleWith(one, ['users:read', 'users:write']))
  const boss = await person(one, await roleWith(one, ['users:read', 'users:write', 'audit:read']))
  const plain = await person(one)
  const rename = { body: { name: 'Renamed' } }
  t.equal((await clerk.call('PATCH', `/api/v1/users/${plain.id}`, rename)).status, 200)
  t.equal((await clerk.call('PATCH', `/api/v1/users/${boss.id}`, rename)).status, 403)
  t.equal((await clerk.call('DELETE', `/api/v1/users/${boss.id}`)).status, 403)
  t.equal((await clerk.call('DELETE', '/api/v1/users/1')).status, 403)
  const dummy = { token: 'dummy-token', ...rename }
  t.equal((await one.call('PATCH', '/api/v1/users/1', dummy)).status, 403, 'nor by a small key of its own')
  t.equal((await boss.call('PATCH', `/api/v1/users/${clerk.id}`, rename)).status, 200)
  t.equal((await clerk.call('PATCH', '/api/v1/users/999999', rename)).status, 404)
})

t.test('only roles:assign sets roles and tiers, and never beyond what the caller holds', async (t) => {
  const one = await replica(t, await accounts(t))
  const clerk = await person(one, await roleWith(one, ['users:write']))
  const assigner = await person(one, await roleWith(one, ['users:write', 'roles:assign', 'users:read']))
  const reader = await roleWith(one, ['users:read'])
  const plain = await person(one)
  const url = `/api/v1/users/${plain.id}`
  for (const body of [{ role: reader }, { tier: 'pro' }])
    t.equal((await clerk.call('PATCH', url, { body })).status, 403)
  t.equal(
    (await clerk.call('POST', '/api/v1/users', { body: { name: 'x', email: 'x@example.org', role: reader } }))
      .status,
    403,
  )
  t.equal((await assigner.call('PATCH', url, { body: { role: 'admin' } })).status, 403)
  t.equal((await assigner.call('PATCH', url, { body: { role: 'no-such-role' } })).status, 400)
  t.match(await assigner.call('PATCH', url, { body: { role: reader, tier: 'pro' } }), {
    status: 200,
    body: { role: reader, tier: 'pro' },
  })
  t.equal((await plain.call('PATCH', url, { body: { tier: 'enterprise' } })).status, 403, 'nor one’s own')
  t.equal(
    (await plain.call('PATCH', url, { body: { email: 'new@example.org' } })).status,
    403,
    'nor one’s address',
  )
})

t.test('the last admin stays, however it is tried, also by two at once', async (t) => {
  const one = await replica(t, await accounts(t))
  const tries: [string, string, object?][] = [
    ['PATCH', '/api/v1/users/1', { role: 'user' }],
    ['PATCH', '/api/v1/users/1', { isActive: false }],
    ['DELETE', '/api/v1/users/1'],
  ]
  for (const [method, url, body] of tries) {
    t.match(await admin(one, method, url, { body }), { status: 409, body: { error: 'last_admin' } })
  }
  const second = await person(one, 'admin')
  const answers = await Promise.all([
    admin(one, 'PATCH', '/api/v1/users/1', { body: { isActive: false } }),
    admin(one, 'PATCH', `/api/v1/users/${second.id}`, { body: { isActive: false } }),
  ])
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 409])
})

t.test('a change that the client has not seen is not overwritten', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const url = `/api/v1/users/${ann.id}`
  const { headers } = await ann.call('GET', url)
  const match = { headers: { 'if-match': String(headers.etag) } }
  t.equal((await ann.call('PATCH', url, { ...match, body: { name: 'First' } })).status, 200)
  t.equal((await ann.call('PATCH', url, { ...match, body: { name: 'Second' } })).status, 412)
})

t.test('a new name is seen wherever it is embedded', async (t) => {
  const shared = await accounts(t)
  const [one, other] = [await replica(t, shared), await replica(t, shared)]
  const ann = await person(one)
  const made = await ann.call<{ id: number }>('POST', '/api/v1/items', { body: { title: 'A lamp' } })
  const url = `/api/v1/items/${made.body.id}`
  await other.call('GET', url)
  await ann.call('PATCH', '/api/v1/me', { body: { name: 'Somebody Else' } })
  t.match(await other.call('GET', url), { body: { owner: { id: ann.id, name: 'Somebody Else' } } })
})

t.test('a closed account is forgotten: its person, its sessions, its keys; what it made stays', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const ann = await person(one)
  const { key } = (await ann.call<{ key: string }>('POST', '/api/v1/api-keys', { body: { name: 'k' } })).body
  const item = await ann.call<{ id: number }>('POST', '/api/v1/items', { body: { title: 'A lamp' } })
  const record = await ann.call<Record<string, unknown[]>>('GET', '/api/v1/me/export')
  t.match(record.body, {
    user: { email: ann.email },
    sessions: [{}],
    apiKeys: [{}],
    items: [{}],
    auditEntries: Array,
  })
  t.notMatch(JSON.stringify(record.body), /argon2|hash/i)
  t.equal(
    (await one.call('DELETE', '/api/v1/me', { token: key })).status,
    403,
    'a key does not close an account',
  )

  t.equal((await ann.call('DELETE', '/api/v1/me')).status, 204)
  for (const token of [ann.token, key]) t.equal((await one.call('GET', '/api/v1/me', { token })).status, 401)
  t.equal((await admin(one, 'GET', `/api/v1/users/${ann.id}`)).status, 404)
  t.match(await one.call('GET', `/api/v1/items/${item.body.id}`), {
    body: { owner: { name: 'Closed account' } },
  })
  const again = { email: ann.email, password, name: 'Ann again' }
  t.equal(
    (await one.call('POST', '/api/v1/auth/register', { body: again })).status,
    201,
    'the address is free',
  )
  const [left] = await shared.database.text<{ dump: string }>(
    `select (select u::text from users u where id = $1) || coalesce((select string_agg(s::text, '') from sessions s where user_id = $1), '') as dump`,
    [ann.id],
  )
  t.notMatch(left?.dump, new RegExp(`${ann.email}|127\\.0\\.0\\.1|Person`))
  t.match(await admin(one, 'GET', `/api/v1/admin/audit?target=user:${ann.id}&action=users.close`), {
    body: { data: [{ actorId: ann.id }] },
  })
})

t.test(
  'demo accounts are noticed, and gone after a purge; then the first admin can be made, once',
  async (t) => {
    const { database } = await accounts(t)
    t.equal(await demoAccountsPresent(database), true)
    await database.transaction(purgeDemoAccounts)
    t.equal(await demoAccountsPresent(database), false)
    const first = { email: 'boss@example.org', name: 'Boss', passwordHash: 'x' }
    t.equal(await database.transaction((session) => makeFirstAdmin(session, first)), true)
    t.equal(
      await database.transaction((session) => makeFirstAdmin(session, { ...first, email: 'b@example.org' })),
      false,
    )
  },
)

t.test('a hash of older parameters is replaced at sign-in', async (t) => {
  const shared = await accounts(t)
  const [old, current] = [
    await replica(t, shared),
    await replica(t, shared, { passwords: { iterations: 2 } }),
  ]
  const ann = await person(old)
  const signIn = () =>
    current.call<SignedIn>('POST', '/api/v1/auth/login', { body: { email: ann.email, password } })
  t.equal((await signIn()).status, 200)
  const [row] = await shared.database.text<{ passwordHash: string }>(
    'select password_hash from users where id = $1',
    [ann.id],
  )
  t.match(row?.passwordHash, /t=2/)
  t.equal((await signIn()).status, 200)
})
