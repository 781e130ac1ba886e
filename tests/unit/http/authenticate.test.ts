/** Credentials: looked up once, checked once, checked again when revocations cannot be heard. */

import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { credentialMap } from '#kernel/credential-map.ts'
import { AppError, unavailable } from '#kernel/errors.ts'
import { anonymous, type Principal } from '#kernel/principal.ts'
import { fakeClock } from '#tests/support/clock.ts'
import { rooms } from '#tests/support/rooms.ts'
import type { Scope } from '#tests/support/scope.ts'

const ada: Principal = {
  ...anonymous,
  kind: 'session',
  userId: 1,
  credentialId: 2,
  tier: 'free',
  bucket: 'user:1',
}

async function setUp(t: Scope, check: (credential: string) => Promise<Principal>) {
  const clock = fakeClock()
  const known = credentialMap(100)
  const checked: string[] = []
  const state = { isTrusted: true }
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/who', { config: { public: true } }, async ({ principal }) => ({ user: principal.userId }))
    },
    {
      authenticate: {
        known,
        check: (credential) => {
          checked.push(credential)
          return check(credential)
        },
        isTrusted: () => state.isTrusted,
        now: clock.now,
      },
    },
  )
  const ask = async (headers: Record<string, string> = { authorization: 'Bearer a' }) => {
    const { statusCode, body } = await app.inject({ url: '/who', headers })
    return { status: statusCode, ...JSON.parse(body) }
  }
  return { ask, clock, known, checked, state }
}

t.test('nobody is nobody; both headers carry a credential, Authorization before X-API-Key', async (t) => {
  const { ask, checked } = await setUp(t, async () => ada)
  t.match(await ask({}), { status: 200, user: 0 })
  t.match(await ask({ authorization: 'Bearer token' }), { status: 200, user: 1 })
  t.match(await ask({ authorization: 'bearer  other' }), { user: 1 }, 'the scheme has no case')
  t.match(await ask({ 'x-api-key': 'key' }), { user: 1 })
  t.match(await ask({ authorization: 'Bearer both', 'x-api-key': 'key2' }), { user: 1 })
  t.strictSame(checked, ['token', 'other', 'key', 'both'])
})

t.test('what is no bearer token is refused without a check', async (t) => {
  const { ask, checked } = await setUp(t, async () => ada)
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer a,b', 'token']) {
    t.match(await ask({ authorization }), { status: 401, error: 'invalid_token' }, authorization)
  }
  t.match(await ask({ authorization: `Bearer ${'x'.repeat(5_000)}` }), { status: 401 })
  t.strictSame(checked, [])
})

t.test('a known credential is not checked again, for a minute while revocations are heard', async (t) => {
  const { ask, clock, checked } = await setUp(t, async () => ada)
  await ask()
  clock.advance(60_000)
  await ask()
  t.equal(checked.length, 1)
  clock.advance(1)
  await ask()
  t.equal(checked.length, 2)
})

t.test('without the bus it is checked again after half a second', async (t) => {
  const { ask, clock, checked, state } = await setUp(t, async () => ada)
  await ask()
  state.isTrusted = false
  clock.advance(500)
  await ask()
  t.equal(checked.length, 1)
  clock.advance(1)
  await ask()
  t.equal(checked.length, 2)
})

t.test('requests that come at once share one check, also its failure; the next asks again', async (t) => {
  const gates: PromiseWithResolvers<Principal>[] = []
  const { ask, checked } = await setUp(t, () => {
    const gate = Promise.withResolvers<Principal>()
    gates.push(gate)
    return gate.promise
  })
  const both = Promise.all([ask(), ask()])
  while (checked.length === 0) await turn()
  await turn()
  gates[0]?.reject(unavailable('The database', 1))
  t.match(await both, [{ status: 503 }, { status: 503 }], 'a key that cannot be checked is no wrong key')
  t.equal(checked.length, 1)
  const again = ask()
  while (checked.length === 1) await turn()
  gates[1]?.resolve(ada)
  t.match(await again, { status: 200, user: 1 })
})

t.test('a refusal is not remembered; a revocation is felt by the next request', async (t) => {
  let isGood = false
  const { ask, checked, known } = await setUp(t, async () => {
    if (isGood) return ada
    throw new AppError('invalid_token')
  })
  t.match(await ask(), { status: 401, error: 'invalid_token' })
  isGood = true
  t.match(await ask(), { status: 200 })
  known.forget('user:1')
  isGood = false
  t.match(await ask(), { status: 401 })
  t.equal(checked.length, 3)
})
