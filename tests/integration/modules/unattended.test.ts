/** What nobody waits for: trails, counts and logs of what was refused or failed beside the request. */

import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { accounts, type Replica, replica } from '#tests/support/accounts.ts'
import { fakeClock } from '#tests/support/clock.ts'
import { eventually } from '#tests/support/eventually.ts'
import { admin, password, person } from '#tests/support/people.ts'

const path = '/api/v1/auth/login'
const signIn = (one: Replica, email: string, given: string, address = '192.0.2.1') =>
  one.call('POST', path, { body: { email, password: given }, headers: { 'x-real-ip': address } })

interface Entry {
  readonly action: string
  readonly target: string
  readonly address: string
  readonly details: { readonly weight: number }
}

/** What stands in the trail of `action`, once as much is there as has to be. */
const entries = async (one: Replica, action: string, least: number): Promise<readonly Entry[]> => {
  const read = async () =>
    (await admin<{ data: Entry[] }>(one, 'GET', `/api/v1/admin/audit?action=${action}&limit=100`)).body.data
  await eventually(t, async () => (await read()).length >= least)
  return read()
}

t.test('a 403 is counted each time, and audited so often a second', async (t) => {
  const clock = fakeClock()
  const one = await replica(t, await accounts(t), { now: clock.now, refusalsPerSecond: 2 })
  const ann = await person(one)
  const refused = async (times: number) => {
    for (let each = 0; each < times; each++) {
      t.equal((await ann.call('GET', '/api/v1/admin/audit')).status, 403)
    }
  }
  await refused(8)
  clock.advance(1_000)
  await refused(8)
  t.equal(one.audited.countOf('requests.refuse', 'refused'), 16)
  clock.advance(2_000)
  await refused(1)
  const written = await entries(one, 'requests.refuse', 8)
  const weights = written.map(({ details }) => details.weight).sort()
  // Of the first eight fewer and fewer; of the second eight every fourth; and the one after them.
  t.strictSame(weights, [1, 1, 1, 2, 2, 4, 4, 4])
  t.match(written[0], { target: 'GET /api/v1/admin/audit', address: '127.0.0.1' })
})

t.test('a throttled sign-in is counted as one, and stands in the trail', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 2 })
  const ann = await person(one)
  for (let guess = 0; guess < 5; guess++) await signIn(one, ann.email, 'guess')
  t.equal(one.audited.countOf('sessions.open', 'refused'), 2)
  t.equal(one.audited.countOf('sessions.throttle', 'refused'), 3)
  t.match((await entries(one, 'sessions.throttle', 3)).at(-1), {
    target: 'user:unknown',
    address: '192.0.2.1',
    outcome: 'refused',
    details: { weight: 1 },
  })
})

t.test('so is one that only a known address could have made', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 1 })
  const ann = await person(one)
  for (let guess = 0; guess < 10; guess++) await signIn(one, ann.email, 'guess', `192.0.2.${guess}`)
  t.equal((await signIn(one, ann.email, password, '198.51.100.1')).status, 429)
  t.equal(one.audited.countOf('sessions.throttle', 'refused'), 1)
  t.match(await entries(one, 'sessions.throttle', 1), [{ target: `user:${ann.id}` }])
})

t.test('the right password lets in, also when there is no room to hash it anew', async (t) => {
  const shared = await accounts(t)
  const ann = await person(await replica(t, shared))
  let isFull = false
  const engine = {
    ...argon2,
    hash: (...given: Parameters<typeof argon2.hash>) =>
      isFull ? Promise.reject(new Error('no room')) : argon2.hash(...given),
  }
  const logged: object[] = []
  const one = await replica(t, shared, {
    passwords: { iterations: 2, engine },
    warn: (details) => logged.push(details),
  })
  const hash = async () =>
    (
      await shared.database.text<{ hash: string }>('select password_hash as hash from users where id = $1', [
        ann.id,
      ])
    )[0]?.hash
  const before = await hash()
  isFull = true
  t.equal((await signIn(one, ann.email, password)).status, 200)
  t.match(logged, [{ userId: ann.id }])
  t.equal(await hash(), before)
  isFull = false
  t.equal((await signIn(one, ann.email, password)).status, 200)
  t.match(await hash(), /t=2,/, 'the next sign-in renews it')
})

t.test('a reset token that could not be delivered is told of, without the token', async (t) => {
  const logged: object[] = []
  let token = ''
  const one = await replica(t, await accounts(t), {
    deliver: async (message) => {
      token = message.token
      throw Object.assign(new Error(`550 no such mailbox: ${message.token}`), { code: 'EENVELOPE' })
    },
    warn: (details, message) => logged.push({ ...details, message }),
  })
  const ann = await person(one)
  await one.call('POST', '/api/v1/auth/password-reset', { body: { email: ann.email } })
  await eventually(t, () => logged.length > 0)
  t.match(logged, [{ code: 'EENVELOPE', userId: ann.id }])
  t.not(token, '')
  t.notMatch(JSON.stringify(logged), token)
})

t.test('every write that stands alone goes where writes go', async (t) => {
  // `replica` fails a test in which one did not: here are all the ways there are.
  const shared = await accounts(t)
  const ann = await person(await replica(t, shared))
  const one = await replica(t, shared, { passwords: { iterations: 2 } })
  await signIn(one, ann.email, 'wrong')
  t.equal((await signIn(one, ann.email, password)).status, 200)
  const body = { currentPassword: 'wrong', newPassword: 'another long enough phrase' }
  t.equal((await one.call('PUT', '/api/v1/me/password', { token: ann.token, body })).status, 403)
  await entries(one, 'requests.refuse', 1)
  const key = await one.call<{ key: string }>('POST', '/api/v1/api-keys', {
    token: ann.token,
    body: { name: 'k' },
  })
  t.equal((await one.call('GET', '/api/v1/me', { token: key.body.key })).status, 200)
  await one.flushLastUsed()
  t.match(await shared.database.text('select 1 from api_keys where last_used_at is not null'), [{}])
  await one.forgetOld()
})
