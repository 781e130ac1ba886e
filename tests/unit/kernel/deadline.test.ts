import t from 'tap'
import { budgetMs, deadlineExceeded } from '#kernel/deadline.ts'
import { SingleFlight } from '#kernel/single-flight.ts'

t.test('a client shortens the time, and never lengthens it', async (t) => {
  t.equal(budgetMs(undefined, 10_000), 10_000)
  t.equal(budgetMs('250', 10_000), 250)
  t.equal(budgetMs('60000', 10_000), 10_000)
  for (const none of ['', '0', '-1', '1.5', 'soon', '9'.repeat(30)]) t.equal(budgetMs(none, 10_000), 10_000)
})

t.test('a shared load is cancelled when the last who waits for it has left', async (t) => {
  const flights = new SingleFlight<number>()
  const [one, other] = [new AbortController(), new AbortController()]
  let work: AbortSignal | undefined
  const load = (signal: AbortSignal) => {
    work = signal
    return new Promise<number>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
  const first = flights.run('a', load, { signal: one.signal })
  const second = flights.run('a', load, { signal: other.signal })
  one.abort(deadlineExceeded())
  await t.rejects(first, { code: 'deadline_exceeded' })
  t.equal(work?.aborted, false)
  other.abort(deadlineExceeded())
  await t.rejects(second, { code: 'deadline_exceeded' })
  t.equal(work?.aborted, true)
  t.equal(flights.size, 0)
  await t.rejects(flights.run('a', load, { signal: one.signal }), { code: 'deadline_exceeded' })
})

t.test('a load that somebody without a deadline waits for goes on', async (t) => {
  const flights = new SingleFlight<number>()
  const leaving = new AbortController()
  const { promise, resolve } = Promise.withResolvers<number>()
  let work: AbortSignal | undefined
  const load = (signal: AbortSignal) => {
    work = signal
    return promise
  }
  const stays = flights.run('a', load)
  const leaves = flights.run('a', load, { signal: leaving.signal })
  const before = flights.run('a', load, { signal: new AbortController().signal })
  leaving.abort(deadlineExceeded())
  await t.rejects(leaves)
  t.equal(work?.aborted, false)
  resolve(7)
  t.strictSame(await Promise.all([stays, before]), [7, 7])
})

t.test('a cancelled load does not end the one that began after it', async (t) => {
  const flights = new SingleFlight<number>()
  const leaving = new AbortController()
  const never = () => new Promise<number>(() => {})
  const first = flights.run('a', never, { signal: leaving.signal })
  flights.forget('a')
  void flights.run('a', never)
  leaving.abort(deadlineExceeded())
  await t.rejects(first)
  t.equal(flights.size, 1)
})
