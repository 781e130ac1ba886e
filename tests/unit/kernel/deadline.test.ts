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

/** Loads that end when the test lets them, or with their reason when they are cancelled. */
function loads() {
  const begun: { readonly signal: AbortSignal; readonly end: (value: number) => void }[] = []
  const load = (signal: AbortSignal): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    signal.addEventListener('abort', () => reject(signal.reason))
    begun.push({ signal, end: resolve })
    return promise
  }
  return { begun, load }
}
const mustStartAfterNow = true

t.test('who waits for the next load leaves it by itself, and the last one cancels it', async (t) => {
  const flights = new SingleFlight<number>()
  const { begun, load } = loads()
  const [one, other] = [new AbortController(), new AbortController()]
  const present = flights.run('a', load)
  const first = flights.run('a', load, { mustStartAfterNow, signal: one.signal })
  const second = flights.run('a', load, { mustStartAfterNow, signal: other.signal })
  one.abort(deadlineExceeded())
  await t.rejects(first, { code: 'deadline_exceeded' }, 'at once, not when the present load ends')
  begun[0]?.end(1)
  t.equal(await present, 1)
  t.equal(flights.isUnderWay('a'), true)
  other.abort(deadlineExceeded())
  await t.rejects(second, { code: 'deadline_exceeded' })
  t.equal(begun[1]?.signal.aborted, true)
  t.equal(flights.size, 0)
})

t.test('a next load that all have left before its turn is not begun', async (t) => {
  const flights = new SingleFlight<number>()
  const { begun, load } = loads()
  const leaving = new AbortController()
  const present = flights.run('a', load)
  const next = flights.run('a', load, { mustStartAfterNow, signal: leaving.signal })
  leaving.abort(deadlineExceeded())
  await t.rejects(next, { code: 'deadline_exceeded' })
  const later = flights.run('a', load, { mustStartAfterNow })
  begun[0]?.end(1)
  t.equal(await present, 1, 'the present one goes on')
  begun[1]?.end(2)
  t.equal(await later, 2, 'and who asks afterwards starts another')
  t.equal(begun.length, 2)
})

t.test('a load that is kept for the next one alone is cancelled with it', async (t) => {
  const flights = new SingleFlight<number>()
  const { begun, load } = loads()
  const [one, other] = [new AbortController(), new AbortController()]
  const present = flights.run('a', load, { signal: one.signal })
  const next = flights.run('a', load, { mustStartAfterNow, signal: other.signal })
  one.abort(deadlineExceeded())
  await t.rejects(present, { code: 'deadline_exceeded' })
  t.equal(begun[0]?.signal.aborted, false, 'the next one waits for its end')
  other.abort(deadlineExceeded())
  await t.rejects(next, { code: 'deadline_exceeded' })
  t.equal(begun[0]?.signal.aborted, true)
  t.equal(begun.length, 1)
  t.equal(flights.size, 0)
})
