import { mock } from 'node:test'
import t from 'tap'
import { AppError, notFound } from '#kernel/errors.ts'
import { openBreaker } from '#platform/breaker.ts'

// opossum takes no clock: its timers, and the time it reads, stand still until a test moves them.
mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] })
t.teardown(() => mock.timers.reset())

const options = {
  subject: 'The thing',
  failureThreshold: 50,
  resetTimeoutMs: 200,
  callTimeoutMs: 1_000,
}
const fails = async () => {
  throw new Error('down')
}
const works = async () => 'up'
const refused = { code: 'dependency_unavailable' }

async function opened() {
  const breaker = openBreaker('thing', options)
  for (let call = 0; call < 5; call++) await breaker.run(fails).catch(() => {})
  return breaker
}

t.test('opens on failures and closes after three trials, not one', async (t) => {
  const breaker = await opened()
  t.equal(breaker.report().state, 'open')
  mock.timers.tick(options.resetTimeoutMs - 1)
  await t.rejects(breaker.run(works), refused)
  mock.timers.tick(1)
  t.equal(breaker.report().state, 'half-open')
  for (let trial = 0; trial < 3; trial++) {
    t.equal(breaker.report().state, 'half-open')
    t.equal(await breaker.run(works), 'up')
  }
  t.equal(breaker.report().state, 'closed')
})

t.test('a failed trial opens it again; trials run one at a time', async (t) => {
  const breaker = await opened()
  mock.timers.tick(options.resetTimeoutMs)
  t.equal(breaker.report().state, 'half-open')
  await breaker.run(works)
  const { promise, resolve } = Promise.withResolvers<string>()
  const trial = breaker.run(() => promise)
  await t.rejects(breaker.run(works), refused)
  resolve('up')
  t.equal(await trial, 'up')
  await t.rejects(breaker.run(fails), /down/)
  t.equal(breaker.report().state, 'open')
})

t.test('what the client did wrong never opens it', async (t) => {
  const breaker = openBreaker('thing', options)
  const wrong = async () => {
    throw notFound('thing', 1)
  }
  for (let call = 0; call < 50; call++) await t.rejects(breaker.run(wrong), AppError)
  t.equal(breaker.report().state, 'closed')
})

t.test('slow calls open it, though none of them fails', async (t) => {
  const breaker = openBreaker('thing', { ...options, callTimeoutMs: 40, resetTimeoutMs: 10_000 })
  const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('late'), 25))
  const calls = Array.from({ length: 20 }, () => breaker.run(slow))
  mock.timers.tick(25)
  await Promise.all(calls)
  t.equal(breaker.report().state, 'open')
})

t.test('a call that took too long is counted once: as a timeout, and as no other failure', async (t) => {
  const breaker = openBreaker('thing', { ...options, callTimeoutMs: 5 })
  const overdue = breaker.run(() => new Promise(() => {}))
  mock.timers.tick(5)
  await t.rejects(overdue, refused)
  const own = Object.assign(new Error('of a socket'), { code: 'ETIMEDOUT' })
  await t.rejects(
    breaker.run(() => Promise.reject(own)),
    refused,
  )
  await breaker.run(works)
  t.match(breaker.totals(), { success: 1, failure: 1, timeout: 1, rejected: 0 })
  t.match(breaker.report(), { successes: 1, failures: 1, timeouts: 1 })
})

t.test('no more at once than its bulkhead holds', async (t) => {
  const breaker = openBreaker('thing', { ...options, maxConcurrent: 2 })
  const { promise, resolve } = Promise.withResolvers<string>()
  const running = [breaker.run(() => promise), breaker.run(() => promise)]
  await t.rejects(breaker.run(works), { code: 'overloaded' })
  resolve('up')
  await Promise.all(running)
  t.equal(await breaker.run(works), 'up')
})

t.test('can be forced open or closed, and left to its rules again', async (t) => {
  const breaker = openBreaker('thing', options)
  breaker.force('open')
  await t.rejects(breaker.run(works), refused)
  t.match(breaker.report(), { state: 'open', forced: 'open' })
  breaker.force('closed')
  for (let call = 0; call < 20; call++) await t.rejects(breaker.run(fails), /down/)
  t.equal(breaker.report().state, 'closed')
  breaker.force('auto')
  t.equal(await breaker.run(works), 'up')
})
