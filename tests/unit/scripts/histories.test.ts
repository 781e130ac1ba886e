import t from 'tap'
import { lostAndDoubled, staleReads, worstExcess } from '#scripts/prove/histories.ts'

t.test('a read is stale when a newer value was acknowledged before it was asked', async (t) => {
  const writes = [
    { value: 1, acknowledgedAtMs: 10 },
    { value: 2, acknowledgedAtMs: 20 },
  ]
  t.strictSame(
    staleReads(writes, [
      { askedAtMs: 15, value: 1 },
      { askedAtMs: 15, value: 2 },
      { askedAtMs: 20, value: 1 },
      { askedAtMs: 21, value: 2 },
    ]),
    [],
    'while a write is under way either value is right',
  )
  const stale = { askedAtMs: 21, value: 1 }
  t.strictSame(staleReads(writes, [stale]), [stale])
})

t.test('the worst window is found wherever it lies', async (t) => {
  const at = (...times: number[]) => times.map((ms) => ({ askedAtMs: ms, answeredAtMs: ms }))
  const bucket = { capacity: 2, refillPerMs: 0.01 }
  t.equal(worstExcess(at(0, 0, 100, 200), bucket), 0)
  t.equal(worstExcess(at(0, 1_000, 1_000, 1_000), bucket), 1, 'not from the beginning')
  const slow = [...at(0, 0), { askedAtMs: 0, answeredAtMs: 100 }]
  t.equal(worstExcess(slow, bucket), 0, 'it may have passed at its end')
})

t.test(
  'a write is lost when it was acknowledged and is not there, doubled when it is there twice',
  async (t) => {
    t.strictSame(lostAndDoubled(['a', 'b'], ['b', 'a', 'c']), { lost: [], doubled: [] })
    t.strictSame(lostAndDoubled(['a', 'b'], ['a', 'a']), { lost: ['b'], doubled: ['a'] })
  },
)
