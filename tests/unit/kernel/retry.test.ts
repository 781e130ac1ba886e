import t from 'tap'
import { RetryBudget, withRetries } from '#kernel/retry.ts'

const failing = (times: number) => {
  let calls = 0
  const work = async (): Promise<number> => {
    calls += 1
    if (calls <= times) throw new Error(`failure ${calls}`)
    return calls
  }
  return { work, calls: () => calls }
}

const setUp = (more = {}) => {
  const pauses: number[] = []
  const after = (delayMs: number, run: () => void) => {
    pauses.push(delayMs)
    setImmediate(run)
    return () => {}
  }
  const options = { isRetryable: () => true, budget: new RetryBudget(), after, random: () => 1, ...more }
  return { pauses, options }
}

t.test('tries again after pauses that double, up to the longest', async (t) => {
  const { pauses, options } = setUp({ tries: 6, baseMs: 100, longestMs: 500 })
  t.equal(await withRetries(failing(5).work, options), 6)
  t.strictSame(pauses, [100, 200, 400, 500, 500])
})

t.test(
  'the pause is anything between nothing and its length, so that those who failed together part',
  async (t) => {
    const { pauses, options } = setUp({ random: () => 0.25, baseMs: 100 })
    await withRetries(failing(1).work, options)
    t.strictSame(pauses, [25])
  },
)

t.test('the latest failure stands when the tries are used up', async (t) => {
  const { options } = setUp()
  const { work, calls } = failing(9)
  await t.rejects(withRetries(work, options), { message: 'failure 3' })
  t.equal(calls(), 3)
})

t.test('what must not be tried again is not, nor what nobody waits for any more', async (t) => {
  const { options } = setUp({ isRetryable: () => false })
  const { work, calls } = failing(1)
  await t.rejects(withRetries(work, options), { message: 'failure 1' })
  t.equal(calls(), 1)
  const gone = setUp({ signal: AbortSignal.abort() })
  await t.rejects(withRetries(failing(1).work, gone.options), { message: 'failure 1' })
  t.strictSame(gone.pauses, [])
})

t.test('retries are a tenth of the calls, whatever fails', async (t) => {
  const { pauses, options } = setUp({ budget: new RetryBudget({ most: 2 }) })
  let calls = 0
  const work = async () => {
    calls += 1
    throw new Error('down')
  }
  for (let call = 0; call < 1_000; call++) await withRetries(work, options).catch(() => {})
  t.equal(calls, 1_000 + 101, 'two that were saved up, less the first tenth, which found no room')
  t.equal(pauses.length, 101)
})

t.test('a quiet time saves up no more than its most', async (t) => {
  const budget = new RetryBudget({ most: 2 })
  for (let call = 0; call < 1_000; call++) budget.earn()
  t.strictSame([budget.spend(), budget.spend(), budget.spend()], [true, true, false])
})

t.test('jitter is real chance unless a test says otherwise', async (t) => {
  const { options, pauses } = setUp({ random: undefined })
  await withRetries(failing(1).work, options)
  t.ok(pauses.every((pause) => pause >= 0 && pause <= 20))
})
