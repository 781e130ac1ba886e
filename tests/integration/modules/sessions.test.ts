/** Sessions: rotation with one winner, theft noticed, revocation on every replica. */

import t from 'tap'
import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { forgetOld } from '#modules/sessions/forget-old.ts'
import { accounts, type Replica, replica } from '#tests/support/accounts.ts'
import { eventually } from '#tests/support/eventually.ts'

interface SignedIn {
  token: string
  refreshToken: string
  user: { id: number }
}

const user = { email: 'user@example.com', password: 'user123' }

const signIn = async ({ call }: Replica): Promise<SignedIn> =>
  (await call<SignedIn>('POST', '/api/v1/auth/login', { body: user })).body
const refresh = ({ call }: Replica, refreshToken: string) =>
  call<SignedIn>('POST', '/api/v1/auth/refresh', { body: { refreshToken } })
const statusOf = async ({ call }: Replica, token: string) =>
  (await call('GET', '/api/v1/me', { token })).status

t.test('of many refreshes with one token all get the same successor', async (t) => {
  const shared = await accounts(t)
  const replicas = [await replica(t, shared), await replica(t, shared), await replica(t, shared)]
  const { refreshToken } = await signIn(replicas[0] as Replica)
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => refresh(replicas[index % 3] as Replica, refreshToken)),
  )
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([200]))
  t.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1)
  t.not(answers[0]?.body.refreshToken, refreshToken)
})

t.test('a token used again later ends its family, and the person sees it', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const first = await signIn(one)
  const second = await refresh(one, first.refreshToken)
  const third = await refresh(one, second.body.refreshToken)
  t.equal(third.status, 200)
  t.match(await refresh(one, first.refreshToken), { status: 401, body: { error: 'invalid_token' } })
  t.equal(await statusOf(one, third.body.token), 401, 'the access token of the family is over')
  t.equal((await refresh(one, third.body.refreshToken)).status, 401, 'so is its newest refresh token')

  const again = await signIn(one)
  const { body } = await one.call<{ data: object[] }>('GET', '/api/v1/me/sessions', { token: again.token })
  t.match(
    body.data.find((session) => Reflect.get(session, 'endReason')),
    { endReason: 'refresh_token_reused' },
  )
  const audit = await one.call<{ data: object[] }>('GET', '/api/v1/admin/audit?action=sessions.reuse', {
    token: 'admin-token-dev',
  })
  t.match(audit.body.data, [{ outcome: 'refused', target: /^session:/ }])
})

t.test('a retry counts as theft once its ten seconds are over', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const first = await signIn(one)
  await refresh(one, first.refreshToken)
  await shared.database.text(`update sessions set rotated_at = rotated_at - interval '11 seconds'`)
  t.equal((await refresh(one, first.refreshToken)).status, 401)
})

t.test('a made-up token of somebody else ends nothing', async (t) => {
  const one = await replica(t, await accounts(t))
  const { token, refreshToken } = await signIn(one)
  const [prefix, id] = refreshToken.split('.')
  const forged = `${prefix}.${id}.${'a'.repeat(43)}.${'A'.repeat(22)}`
  t.equal((await refresh(one, forged)).status, 401)
  t.equal(await statusOf(one, token), 200)
})

t.test('sessions end by idleness and by age', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  for (const column of ['last_used_at', 'created_at']) {
    const { refreshToken } = await signIn(one)
    await shared.database.text(`update sessions set ${column} = ${column} - interval '100 days'`)
    t.equal((await refresh(one, refreshToken)).status, 401, column)
  }
})

t.test('what is long over is cleared away, what is open or still to be seen is not', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  for (let count = 0; count < 4; count++) await signIn(one)
  await shared.database.text(`update sessions set ended_at = now() - interval '91 days' where id = 1`)
  await shared.database.text(`update sessions set ended_at = now() - interval '89 days' where id = 2`)
  await shared.database.text(
    `update sessions set created_at = now() - interval '300 days', last_used_at = now() - interval '300 days' where id = 3`,
  )
  await shared.database.text(
    `insert into account_tokens (token_hash, user_id, purpose, expires_at)
     select sha256(n::text::bytea), 1, 'reset', now() + (n - 3.5) * interval '1 minute' from generate_series(1, 4) n`,
  )
  await forgetOld(shared.database, { idleSeconds: 14 * 86_400, maxAgeSeconds: 90 * 86_400 }, 1)
  t.same(await shared.database.text('select id from sessions order by id'), [{ id: 2 }, { id: 4 }])
  t.equal((await shared.database.text('select from account_tokens')).length, 1)
})

t.test('a password that has run out is none', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const expiresIn = (seconds: number) =>
    shared.database.text(
      `update users set password_expires_at = now() + $1 * interval '1 second' where email = $2`,
      [seconds, user.email],
    )
  await expiresIn(60)
  t.equal((await one.call('POST', '/api/v1/auth/login', { body: user })).status, 200)
  await expiresIn(-1)
  t.match(await one.call('POST', '/api/v1/auth/login', { body: user }), {
    status: 401,
    body: { error: 'invalid_credentials' },
  })
})

t.test('what ends a session ends it on every replica at once', async (t) => {
  const shared = await accounts(t)
  const replicas = [await replica(t, shared), await replica(t, shared), await replica(t, shared)]
  const [one] = replicas as [Replica]
  const everywhere = (token: string) => Promise.all(replicas.map((each) => statusOf(each, token)))

  const ended = await signIn(one)
  t.strictSame(await everywhere(ended.token), [200, 200, 200])
  await one.call('POST', '/api/v1/auth/logout', { token: ended.token })
  t.strictSame(await everywhere(ended.token), [401, 401, 401], 'logout')

  const [other, mine] = [await signIn(one), await signIn(one)]
  await everywhere(other.token)
  const sessions = await one.call<{ data: { id: number; isCurrent: boolean }[] }>(
    'GET',
    '/api/v1/me/sessions',
    {
      token: mine.token,
    },
  )
  const otherId = sessions.body.data.find(({ isCurrent }) => !isCurrent)?.id
  t.equal((await one.call('DELETE', `/api/v1/me/sessions/${otherId}`, { token: mine.token })).status, 204)
  t.strictSame(await everywhere(other.token), [401, 401, 401], 'ended by the person')
  t.strictSame(await everywhere(mine.token), [200, 200, 200])

  const third = await signIn(one)
  const change = { currentPassword: user.password, newPassword: 'quite another phrase' }
  t.equal((await one.call('PUT', '/api/v1/me/password', { token: mine.token, body: change })).status, 204)
  t.strictSame(await everywhere(third.token), [401, 401, 401], 'password changed')
  t.strictSame(await everywhere(mine.token), [200, 200, 200], 'the session that changed it goes on')

  await one.call('PATCH', '/api/v1/users/2', { token: 'admin-token-dev', body: { isActive: false } })
  t.strictSame(await everywhere(mine.token), [401, 401, 401], 'account disabled')
})

t.test('a new role or tier is felt on every replica at once', async (t) => {
  const shared = await accounts(t)
  const [one, other] = [await replica(t, shared), await replica(t, shared)]
  const { token } = await signIn(one)
  t.equal((await other.call('GET', '/api/v1/users', { token })).status, 403)
  const admin = { token: 'admin-token-dev' }
  const role = { name: 'reader', permissions: ['users:read'] }
  t.equal((await one.call('POST', '/api/v1/roles', { ...admin, body: role })).status, 201)
  await one.call('PATCH', '/api/v1/users/2', { ...admin, body: { role: 'reader' } })
  t.equal((await other.call('GET', '/api/v1/users', { token })).status, 200)
  await one.call('PUT', '/api/v1/roles/reader', { ...admin, body: { permissions: [] } })
  t.equal((await other.call('GET', '/api/v1/users', { token })).status, 403)
  await one.call('PUT', '/api/v1/admin/users/2/tier', { ...admin, body: { tier: 'pro' } })
  t.match(await other.call('GET', '/api/v1/me', { token }), {
    body: { tier: 'pro', rateLimit: { policy: 'pro' } },
  })
})

t.test('a replica that was cut off from Redis notices a revocation by itself', async (t) => {
  const shared = await accounts(t)
  const [one, cut] = [await replica(t, shared), await replica(t, shared)]
  const { token } = await signIn(one)
  t.equal(await statusOf(cut, token), 200)
  for (const connection of cut.redis) connection.disconnect()
  await one.call('POST', '/api/v1/auth/logout', { token })
  await eventually(t, async () => (await statusOf(cut, token)) === 401)
})

t.test('while Postgres is away signed tokens go on, revoked ones do not, and keys get 503', async (t) => {
  const shared = await accounts(t)
  let isAway = false
  const gone = async (): Promise<never> => {
    throw new AppError('dependency_unavailable', { retryAfterSeconds: 1 })
  }
  const guard = (database: Database): Database => ({
    run: (...args) => (isAway ? gone() : database.run(...args)),
    text: (...args) => (isAway ? gone() : database.text(...args)),
    autocommit: database.autocommit,
    transaction: (work) => (isAway ? gone() : database.transaction(work)),
    isReachable: () => !isAway,
  })
  const [writer, reader] = [await replica(t, shared), await replica(t, shared, { guard })]
  // Redis vouches for tokens younger than its list, and tokens carry whole seconds.
  const openedAt = Date.now()
  await eventually(t, () => Math.floor(Date.now() / 1_000) * 1_000 > openedAt)
  const [kept, revoked] = [await signIn(writer), await signIn(writer)]
  await writer.call('POST', '/api/v1/auth/logout', { token: revoked.token })
  isAway = true
  const open = { token: kept.token }
  t.equal((await reader.call('GET', '/api/v1/roles', open)).status, 403, 'known, and not allowed')
  t.equal((await reader.call('GET', '/api/v1/me', { token: revoked.token })).status, 401)
  t.match(await reader.call('GET', '/api/v1/me', { token: 'admin-token-dev' }), {
    status: 503,
    headers: { 'retry-after': '1' },
  })
  for (const connection of reader.redis) connection.disconnect()
  const fresh = await signIn(writer)
  t.equal(
    (await reader.call('GET', '/api/v1/me', { token: fresh.token })).status,
    503,
    'both away: nobody can tell',
  )
})

t.test('a browser keeps its refresh token in a cookie that works for its own pages only', async (t) => {
  const { call } = await replica(t, await accounts(t))
  const signedIn = await call<SignedIn>('POST', '/api/v1/auth/login?refreshToken=cookie', { body: user })
  const cookie = String(signedIn.headers['set-cookie'])
  t.match(cookie, /^__Secure-refresh=slr\.[^;]+; .*HttpOnly; Secure; SameSite=Strict$/)
  t.equal(signedIn.body.refreshToken, undefined)
  const sent = { cookie: cookie.split(';')[0] ?? '' }
  const tries: [number, Record<string, string>][] = [
    [403, {}],
    [403, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    [403, { origin: 'null', 'sec-fetch-site': 'same-site' }],
    [200, { origin: 'http://localhost:8080' }],
    [200, { 'sec-fetch-site': 'same-origin' }],
  ]
  for (const [status, headers] of tries) {
    const answer = await call('POST', '/api/v1/auth/refresh', { headers: { ...sent, ...headers } })
    t.equal(answer.status, status, JSON.stringify(headers))
    if (status === 200) t.match(answer.headers['set-cookie'], /^__Secure-refresh=slr/)
  }
})
