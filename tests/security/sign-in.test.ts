/** Attacks on signing in: enumeration, timing, brute force, session fixation. */

import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { admin, password, person } from '#tests/support/people.ts'

const path = '/api/v1/auth/login'
const signIn = (email: string, given: string, remoteAddress = '127.0.0.1') => ({
  body: { email, password: given },
  headers: { 'x-real-ip': remoteAddress, 'x-request-id': 'same' },
})

t.test('enumeration: unknown, wrong, disabled and never invited look the same', async (t) => {
  const one = await replica(t, await accounts(t))
  const [known, disabled] = [await person(one), await person(one)]
  await admin(one, 'PATCH', `/api/v1/users/${disabled.id}`, { body: { isActive: false } })
  await admin(one, 'POST', '/api/v1/users', { body: { name: 'I', email: 'invited@example.org' } })
  const tries = [
    signIn('nobody@example.org', password),
    signIn(known.email, 'wrong'),
    signIn(disabled.email, password),
    signIn('invited@example.org', password),
  ]
  const answers = []
  for (const each of tries) {
    const { status, body, headers } = await one.call('POST', path, each)
    const { date: _, ratelimit: __, ...rest } = headers
    answers.push({ status, body, headers: rest })
  }
  t.match(answers[0], { status: 401, body: { error: 'invalid_credentials' } })
  for (const answer of answers.slice(1)) t.strictSame(answer, answers[0])
})

t.test('timing: every branch of a sign-in verifies exactly one hash', async (t) => {
  const calls = { verify: 0, hash: 0 }
  const engine = {
    ...argon2,
    verify: (...given: Parameters<typeof argon2.verify>) => {
      calls.verify += 1
      return argon2.verify(...given)
    },
    hash: (...given: Parameters<typeof argon2.hash>) => {
      calls.hash += 1
      return argon2.hash(...given)
    },
  }
  const one = await replica(t, await accounts(t), { passwords: { engine } })
  const [known, disabled] = [await person(one), await person(one)]
  await admin(one, 'PATCH', `/api/v1/users/${disabled.id}`, { body: { isActive: false } })
  await admin(one, 'POST', '/api/v1/users', { body: { name: 'I', email: 'invited@example.org' } })
  for (const [email, given] of [
    ['nobody@example.org', password],
    [known.email, 'wrong'],
    [known.email, password],
    [disabled.email, password],
    [disabled.email, 'wrong'],
    ['invited@example.org', password],
  ] as const) {
    Object.assign(calls, { verify: 0, hash: 0 })
    await one.call('POST', path, signIn(email, given))
    t.strictSame(calls, { verify: 1, hash: 0 }, `${email} ${given}`)
  }
})

t.test('brute force: failures stop an address at an account, and no one else', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 5 })
  const [ann, bob] = [await person(one), await person(one)]
  const statuses: number[] = []
  for (let index = 0; index < 8; index++) {
    statuses.push((await one.call('POST', path, signIn(ann.email, `guess ${index}`, '192.0.2.1'))).status)
  }
  t.strictSame(statuses, [401, 401, 401, 401, 401, 429, 429, 429])
  const late = await one.call('POST', path, signIn(ann.email, password, '192.0.2.1'))
  t.equal(late.status, 429, 'the right guess comes too late')
  t.ok(Number(late.headers['retry-after']) > 0)
  t.equal(
    (await one.call('POST', path, signIn(ann.email, password))).status,
    200,
    'the person still signs in',
  )
  t.equal((await one.call('POST', path, signIn(bob.email, password, '192.0.2.1'))).status, 200, 'others too')
  const unknown: number[] = []
  for (let index = 0; index < 6; index++) {
    unknown.push((await one.call('POST', path, signIn('nobody@example.org', 'x', '192.0.2.1'))).status)
  }
  t.strictSame(unknown, [401, 401, 401, 401, 401, 429], 'an unknown account is throttled alike')
})

t.test('brute force: guesses at the same time count before they are answered', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 5 })
  const ann = await person(one)
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      one.call('POST', path, signIn(ann.email, `guess ${index}`, '192.0.2.1')),
    ),
  )
  const checked = answers.filter(({ status }) => status === 401).length
  t.ok(checked > 0 && checked <= 5, `${checked} were checked`)
})

t.test('brute force from everywhere: a known address still gets in, a new one waits', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 2 })
  const ann = await person(one)
  for (let index = 0; index < 22; index++) {
    await one.call('POST', path, signIn(ann.email, 'guess', `192.0.2.${index}`))
  }
  t.equal((await one.call('POST', path, signIn(ann.email, password, '198.51.100.1'))).status, 429)
  t.equal((await one.call('POST', path, signIn(ann.email, password))).status, 200, 'where she registered')
})

t.test('brute force: successful sign-ins never use the failures up', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 3 })
  const ann = await person(one)
  for (let index = 0; index < 6; index++) {
    t.equal((await one.call('POST', path, signIn(ann.email, password))).status, 200)
  }
})

t.test('brute force: all tries of one address share a bucket, registrations too', async (t) => {
  const one = await replica(t, await accounts(t), { triesPerAddress: 4 })
  const statuses: number[] = []
  for (let index = 0; index < 6; index++) {
    const body = { email: `p${index}@example.org`, password, name: 'P' }
    statuses.push(
      (await one.call('POST', '/api/v1/auth/register', { body, headers: { 'x-real-ip': '192.0.2.9' } }))
        .status,
    )
  }
  t.strictSame(statuses.slice(0, 4), [201, 201, 201, 201])
  t.equal(statuses[5], 429)
})

t.test('brute force: with Redis away the limit holds in this replica', async (t) => {
  const one = await replica(t, await accounts(t), { failuresPerAccount: 3 })
  const ann = await person(one)
  for (const connection of one.redis) connection.disconnect()
  const statuses: number[] = []
  for (let index = 0; index < 8; index++) {
    statuses.push((await one.call('POST', path, signIn(ann.email, 'guess', '192.0.2.1'))).status)
  }
  t.ok(statuses.filter((status) => status === 401).length <= 4, statuses.join())
  t.equal(statuses.at(-1), 429)
})

t.test('session fixation: what a client brings never becomes a session', async (t) => {
  const one = await replica(t, await accounts(t))
  const [ann, attacker] = [await person(one), await person(one)]
  const cookie = `__Secure-refresh=${attacker.refreshToken}`
  const signedIn = await one.call<{ token: string; refreshToken: string }>('POST', path, {
    body: { email: ann.email, password },
    token: attacker.token,
    headers: { cookie },
  })
  t.not(signedIn.body.refreshToken, attacker.refreshToken)
  t.match(await one.call('GET', '/api/v1/me', { token: signedIn.body.token }), {
    body: { user: { id: ann.id } },
  })
  t.match(await attacker.call('GET', '/api/v1/me'), { body: { user: { id: attacker.id } } })
})
