/** The doors of accounts, from registering to closing the account. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { eventually } from '#tests/support/eventually.ts'

interface SignedIn {
  token: string
  refreshToken: string
  user: { id: number; email: string; role: string; tier: string }
}

const password = 'a long enough phrase'

t.test('a person registers, is signed in, reads and changes themselves, and signs out', async (t) => {
  const { call } = await replica(t, await accounts(t))
  const registration = { email: 'ann@example.org', password, name: 'Ann' }
  const registered = await call<SignedIn>('POST', '/api/v1/auth/register', { body: registration })
  t.equal(registered.status, 201)
  t.match(registered.body, {
    tokenType: 'Bearer',
    expiresIn: 900,
    user: { email: 'ann@example.org', role: 'user', tier: 'free' },
  })
  t.equal(registered.headers['cache-control'], 'no-store')
  t.match(
    await call('POST', '/api/v1/auth/register', { body: { ...registration, email: 'ANN@example.org' } }),
    {
      status: 409,
      body: { error: 'already_exists' },
    },
  )

  const { token } = registered.body
  const me = await call('GET', '/api/v1/me', { token })
  t.match(me, { status: 200, body: { user: { name: 'Ann' }, tier: 'free', permissions: [] } })
  t.match(await call('PATCH', '/api/v1/me', { token, body: { name: 'Anna' } }), {
    status: 200,
    body: { user: { name: 'Anna' } },
  })
  t.match(await call('PATCH', '/api/v1/me', { token, body: { role: 'admin' } }), { status: 400 })
  t.match(await call('POST', '/api/v1/auth/logout', { token }), { status: 204 })
  t.match(await call('GET', '/api/v1/me', { token }), { status: 401, body: { error: 'invalid_token' } })
})

t.test('the aliases and the demo accounts work as the five-minute examples say', async (t) => {
  const { call } = await replica(t, await accounts(t))
  const credentials = { email: 'admin@example.com', password: 'admin123' }
  const signedIn = await call<SignedIn>('POST', '/api/v1/users/login', { body: credentials })
  t.match(signedIn, { status: 200, body: { user: { id: 1, role: 'admin' } } })
  t.match(await call('GET', '/api/v1/me', { token: signedIn.body.token }), {
    status: 200,
    body: { user: { id: 1 }, permissions: [String] },
  })
  const created = await call<{ id: number; invitationToken: string }>('POST', '/api/v1/users', {
    token: 'dummy-token',
    body: { name: 'John Doe', email: 'john@example.com' },
  })
  t.match(created, { status: 201, body: { invitationToken: /^[\w-]{43}$/, role: 'user' } })
  t.equal(created.headers.location, `/api/v1/users/${created.body.id}`)
  const first = await call('GET', '/api/v1/users/1', { token: 'dummy-token' })
  t.match(first.headers, { 'cache-status': /miss/ })
  await eventually(t, async () => {
    const again = await call('GET', '/api/v1/users/1', { token: 'dummy-token' })
    return /hit/.test(String(again.headers['cache-status']))
  })
  t.match(await call('GET', '/api/v1/admin/audit', { token: 'admin-token-dev' }), { status: 200 })
  t.match(await call('GET', '/api/v1/users?limit=2&sort=-name&role=user', { token: 'dummy-token' }), {
    status: 200,
    body: { data: [{ name: 'John Doe' }, { name: 'Demo User' }] },
  })
})
