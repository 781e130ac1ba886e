import t from 'tap'
import { CallCounts } from '#kernel/call-counts.ts'
import { bucketOf } from '#kernel/histogram.ts'

t.test('counts calls of each kind with their durations and failures, and those under way', async (t) => {
  const calls = new CallCounts(['read'])
  t.match(calls.kinds, [{ kind: 'read', durationSumMs: 0, errors: 0 }], 'known from the start')
  calls.started()
  calls.started()
  t.equal(calls.running, 2)
  calls.finished('read', 4, false)
  calls.finished('write', 600, true)
  calls.counted('within', 1, false)
  t.equal(calls.running, 0)
  const { calls: total, errors, durations } = calls.totals()
  t.strictSame([total, errors, durations[bucketOf(4)], durations[bucketOf(600)]], [3, 1, 1, 1])
  t.equal(calls.totals('within').calls, 2)
  t.strictSame(
    calls.kinds.map(({ kind, durationSumMs }) => [kind, durationSumMs]),
    [
      ['read', 4],
      ['write', 600],
      ['within', 1],
    ],
  )
})

t.test('kinds do not grow without bound', async (t) => {
  const calls = new CallCounts()
  for (let each = 0; each < 100; each++) calls.counted(`kind-${each}`, 1, false)
  t.equal(calls.kinds.length, 41)
  t.equal(calls.kinds.at(-1)?.kind, 'other')
  t.equal(calls.totals().calls, 100)
})
