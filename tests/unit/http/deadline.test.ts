import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { openAdmission } from '#kernel/admission/admission.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { fakeClock } from '#tests/support/clock.ts'
import { eventually } from '#tests/support/eventually.ts'
import { leftInOldGeneration } from '#tests/support/old-generation.ts'
import { rooms } from '#tests/support/rooms.ts'

const never = new Promise<object>(() => {})

t.test(
  'one that hangs is answered when its time is over, gives its place back, and harms no other',
  async (t) => {
    const clock = fakeClock()
    const { now } = clock
    const admission = openAdmission({ now })
    let signal: AbortSignal | undefined
    const { app } = await rooms(
      t,
      (app) => {
        app.get('/api/v1/hanging', { config: { public: true } }, (request) => {
          signal = request.workSignal()
          return never
        })
        app.get('/api/v1/thing', { config: { public: true } }, () => ({}))
      },
      {
        admit: { admission, now },
        deadline: { timeoutMs: 1_000, now },
        observe: { counts: requestCounts(), log: () => {}, now },
      },
    )
    const hanging = app.inject('/api/v1/hanging').then((answer) => answer)
    const short = app
      .inject({ url: '/api/v1/hanging', headers: { 'x-request-timeout-ms': '10' } })
      .then((answer) => answer)
    await eventually(t, () => admission.stats().running === 2)
    t.equal((await app.inject('/api/v1/thing')).statusCode, 200)
    clock.advance(10)
    t.match(await short, { statusCode: 504, headers: { 'retry-after': '1' } })
    t.equal(admission.stats().running, 1)
    clock.advance(990)
    const late = await hanging
    t.match(late.json(), { status: 504, error: 'deadline_exceeded' })
    t.equal(signal?.aborted, true)
    t.equal(admission.stats().running, 0)
  },
)

t.test('a client that hangs up ends its work; a signal asked for later is over already', async (t) => {
  let signal: AbortSignal | undefined
  const asked = Promise.withResolvers<() => AbortSignal>()
  const { app } = await rooms(t, (app) => {
    app.get('/api/v1/hanging', { config: { public: true } }, (request) => {
      signal = request.workSignal()
      return never
    })
    app.get('/api/v1/later', { config: { public: true } }, (request) => {
      asked.resolve(() => request.workSignal())
      return never
    })
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const client = new AbortController()
  const calls = ['hanging', 'later'].map((path) =>
    fetch(`${address}/api/v1/${path}`, { signal: client.signal }).catch(() => {}),
  )
  const later = await asked.promise
  await eventually(t, () => signal !== undefined)
  client.abort()
  await Promise.all(calls)
  await eventually(t, () => signal?.aborted)
  await eventually(t, () => later().aborted)
  t.match(signal?.reason, { code: 'deadline_exceeded' })
})

t.test('what comes after its time is not begun', async (t) => {
  let begun = 0
  const { app } = await rooms(
    t,
    (app) => {
      app.get('/api/v1/thing', { config: { public: true } }, () => {
        begun += 1
        return {}
      })
    },
    { trustedProxies: ['127.0.0.1/32'], deadline: { timeoutMs: 5_000, now: fakeClock().now } },
  )
  const ask = (waitedMs: number, budgetMs?: number, url = '/api/v1/thing') =>
    app.inject({
      url,
      headers: {
        'x-real-ip': '203.0.113.9',
        'x-request-start': `t=${((Date.now() - waitedMs) / 1_000).toFixed(3)}`,
        ...(budgetMs !== undefined && { 'x-request-timeout-ms': String(budgetMs) }),
      },
    })
  t.match(await ask(6_000), { statusCode: 504, headers: { 'retry-after': '1' } })
  t.match(await ask(2_000, 1_000), { statusCode: 504 })
  t.equal(begun, 0)
  t.equal((await ask(60_000)).statusCode, 200, 'by a clock that is wrong')
  t.equal((await ask(2_000)).statusCode, 200)
  t.equal((await ask(2_000, 60_000)).statusCode, 200)
  t.equal(begun, 3)
  t.equal((await ask(6_000, undefined, '/health')).statusCode, 200, 'health answers at any time')
})

t.test('what took more than a turn and is answered leaves with the young generation', async (t) => {
  const { app } = await rooms(t, (app) => {
    app.get('/api/v1/thing', { config: { public: true } }, async (request) => {
      Object.assign(request, { large: Array.from({ length: 10_000 }, (_, index) => index + 0.5) })
      for (let turns = 0; turns < 5; turns += 1) await turn()
      return {}
    })
  })
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/thing`
  const rounds = 400
  const running: Promise<unknown>[] = []
  const left = await leftInOldGeneration(rounds, async () => {
    running.push(fetch(url).then(({ status }) => status))
    if (running.length > 10) t.equal(await running.shift(), 200)
  })
  await Promise.all(running)
  // The client keeps some as well; all of them were left, where each stayed in a Set until it was looked at.
  t.ok(left < 16 * 2 ** 20, `${left} bytes of ${rounds * 80_000}`)
})
