import t from 'tap'
import {
  longestStaleMs,
  lostAndDoubled,
  outlivedMs,
  staleReads,
  worstExcess,
} from '#scripts/prove/histories.ts'

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

t.test('how long an older value was read is counted from the first write that replaced it', async (t) => {
  const writes = [
    { value: 1, acknowledgedAtMs: 10 },
    { value: 2, acknowledgedAtMs: 20 },
  ]
  t.equal(longestStaleMs(writes, [{ askedAtMs: 9, value: 0 }]), 0, 'before it was replaced it was right')
  t.equal(longestStaleMs(writes, [{ askedAtMs: 500, value: 2 }]), 0)
  t.equal(longestStaleMs(writes, []), 0)
  const reads = [
    { askedAtMs: 25, value: 0 },
    { askedAtMs: 30, value: 1 },
  ]
  t.equal(longestStaleMs(writes, reads), 15)
})

t.test('a revoked credential lives as long as the last replica lets it in', async (t) => {
  const use = (askedAtMs: number, replica: string, isLetIn: boolean) => ({ askedAtMs, replica, isLetIn })
  const before = [use(1, 'a', true), use(9, 'b', true)]
  const refused = [use(12, 'a', false), use(40, 'b', false)]
  t.equal(outlivedMs([...before, ...refused], ['a', 'b'], 10), 0)
  t.equal(outlivedMs([...refused, use(30, 'b', true), ...before], ['a', 'b'], 10), 20, 'in whatever order')
  t.equal(
    outlivedMs([...before, use(12, 'a', false)], ['a', 'b'], 10),
    Number.POSITIVE_INFINITY,
    'b was not asked',
  )
  t.equal(
    outlivedMs([...refused, use(50, 'a', true)], ['a', 'b'], 10),
    Number.POSITIVE_INFINITY,
    'a was not seen to refuse it again',
  )
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
