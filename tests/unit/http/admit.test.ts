import t from 'tap'
import { openAdmission } from '#kernel/admission/admission.ts'
import type { Limiter } from '#kernel/limiter/policy.ts'
import { fakeClock } from '#tests/support/clock.ts'
import { openLimiter, policies, rooms } from '#tests/support/rooms.ts'

const { now } = fakeClock()

t.test('what is too much is shed before it spends a token; health goes on', async (t) => {
  const admission = openAdmission({ now, min: 1, max: 1, maxWaiting: 1 })
  const finish = Promise.withResolvers<object>()
  let spent = 0
  const limiter: Limiter = {
    ...openLimiter,
    take: (...args) => {
      spent += 1
      return openLimiter.take(...args)
    },
  }
  const { app } = await rooms(
    t,
    (app) => {
      app.get('/api/v1/slow', { config: { public: true } }, () => finish.promise)
    },
    { admit: { admission, now }, rateLimit: { limiter, policies } },
  )
  // Without then() inject would not begin.
  const get = () => app.inject('/api/v1/slow').then((answer) => answer)
  const running = get()
  const given = get()
  const waits = get()
  const shed = await given
  t.match(shed, { statusCode: 503, headers: { 'retry-after': '1' } })
  t.match(shed.json(), { error: 'overloaded' })
  t.equal(spent, 1)
  t.equal((await app.inject('/health')).statusCode, 200)
  t.equal((await app.inject('/api/v1/health/ready')).statusCode, 200)
  finish.resolve({})
  t.equal((await running).statusCode, 200)
  t.equal((await waits).statusCode, 200, 'the one that waited has run')
  t.match(admission.stats(), { running: 0, waiting: 0, admitted: 2, shed: { anonymous: 1 } })
})

t.test('the brake refuses without a place in the queue', async (t) => {
  const admission = openAdmission({ now, lateTicks: 1 })
  admission.tick({ delayMs: 1_000, busyShare: 0 })
  const { app } = await rooms(
    t,
    (app) => {
      app.get('/api/v1/thing', { config: { public: true } }, () => ({}))
    },
    { admit: { admission, now } },
  )
  t.equal((await app.inject('/api/v1/thing')).statusCode, 503)
  admission.tick({ delayMs: 0, busyShare: 0 })
  t.equal((await app.inject('/api/v1/thing')).statusCode, 200)
  t.equal(admission.stats().running, 0)
})

t.test('a client that hangs up gives its place back, running or waiting', async (t) => {
  const admission = openAdmission({ now, min: 1, max: 1 })
  const { app } = await rooms(
    t,
    (app) => {
      app.get('/api/v1/hanging', { config: { public: true } }, () => new Promise(() => {}))
    },
    { admit: { admission, now } },
  )
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const [first, second] = [new AbortController(), new AbortController()]
  const calls = [first, second].map(({ signal }) =>
    fetch(`${address}/api/v1/hanging`, { signal }).catch(() => {}),
  )
  const until = async (wanted: object) => {
    while (JSON.stringify(wanted) !== JSON.stringify(figures()))
      await new Promise((next) => setImmediate(next))
  }
  const figures = () => {
    const { running, waiting } = admission.stats()
    return { running, waiting }
  }
  await until({ running: 1, waiting: 1 })
  second.abort()
  first.abort()
  await until({ running: 0, waiting: 0 })
  await Promise.all(calls)
  t.pass()
})
