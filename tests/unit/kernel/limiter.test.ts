import t from 'tap'
import type { Policy, Verdict } from '#kernel/limiter/policy.ts'
import { fleet, settle, travel, worstWindow } from '#tests/support/limiter-fleet.ts'

const small: Policy = { name: 'small', capacity: 50, refillPerSecond: 20, windowSeconds: 3 }
const large: Policy = { name: 'large', capacity: 100_000, refillPerSecond: 100_000 / 60, windowSeconds: 60 }

const isPlain = (verdict: Verdict | Promise<Verdict>): verdict is Verdict => 'isAllowed' in verdict

t.test('answers from a lease without a promise and without a call', async (t) => {
  const { replicas, take, calls } = fleet(1)
  t.match(await take(0, 'k', large), { isAllowed: true, remaining: 99_999, resetSeconds: 1 })
  await take(0, 'k', large)
  const before = calls.length
  const verdict = replicas[0]?.take('k', large, 1)
  t.ok(verdict && isPlain(verdict) && verdict.isAllowed)
  t.equal(calls.length, before)
})

t.test('asks once for all that arrives in one turn, whatever the buckets', async (t) => {
  const { take, calls } = fleet(1)
  const verdicts = await Promise.all(['a', 'b', 'a', 'c'].map((key) => take(0, key, small)))
  t.ok(verdicts.every((verdict) => verdict.isAllowed))
  t.strictSame(calls, [{ asks: 3 }])
})

t.test('splits what one turn brings so that no call keeps the store for long', async (t) => {
  const { take, calls } = fleet(1)
  await Promise.all(Array.from({ length: 600 }, (_, index) => take(0, `k${index}`, small)))
  t.strictSame(calls, [{ asks: 512 }, { asks: 88 }])
})

t.test('a refusal says when to come back, and until then costs no call', async (t) => {
  const { take, calls, replicas, clock } = fleet(1)
  await Promise.all(Array.from({ length: 50 }, () => take(0, 'k', small)))
  t.match(await take(0, 'k', small), {
    isAllowed: false,
    remaining: 0,
    resetSeconds: 3,
    retryAfterSeconds: 1,
  })
  const before = calls.length
  const again = replicas[0]?.take('k', small, 1)
  t.ok(again && isPlain(again) && !again.isAllowed)
  const dear = replicas[0]?.take('k', small, 41)
  t.match(dear, { isAllowed: false, retryAfterSeconds: 3 })
  t.equal(calls.length, before)
  await clock.run(50)
  t.match(await take(0, 'k', small), { isAllowed: true })
})

t.test('a dear request that is refused does not keep a cheap one out', async (t) => {
  const { take } = fleet(1)
  await take(0, 'k', small, 47)
  t.match(await take(0, 'k', small, 5), { isAllowed: false, remaining: 3 })
  t.match(await take(0, 'k', small, 1), { isAllowed: true })
})

t.test('of those who wait together, as many pass as fit', async (t) => {
  const { take } = fleet(1)
  const verdicts = await Promise.all([
    take(0, 'k', small, 45),
    take(0, 'k', small, 10),
    take(0, 'k', small, 4),
  ])
  t.strictSame(
    verdicts.map((verdict) => verdict.isAllowed),
    [true, false, true],
  )
})

t.test('a request dearer than the bucket takes all of it', async (t) => {
  const { take } = fleet(1)
  t.match(await take(0, 'k', small, 80), { isAllowed: true, remaining: 0 })
})

t.test('those who come while an answer travels are decided by it', async (t) => {
  const scene = fleet(1)
  scene.latencyMs = 10
  const first = [scene.take(0, 'k', small), scene.take(0, 'k', small)]
  await settle()
  const late = Array.from({ length: 60 }, () => scene.take(0, 'k', small))
  await travel(scene.clock, 100)
  const verdicts = await Promise.all([...first, ...late])
  t.equal(verdicts.filter((verdict) => verdict.isAllowed).length, 50)
})

t.test('one principal at 500 a second over three replicas costs at most 0.005 calls a request', async (t) => {
  const { replicas, clock, calls } = fleet(3)
  let admitted = 0
  const requests = 10_000
  for (let sent = 0; sent < requests; sent++) {
    const verdict = await replicas[sent % 3]?.take('k', large, 1)
    if (verdict?.isAllowed) admitted++
    if (sent % 2 === 1) await clock.run(4)
  }
  t.equal(admitted, requests)
  t.comment(`${calls.length} calls, ${calls.length / requests} a request`)
  t.ok(calls.length / requests <= 0.005)
})

t.test(
  'under saturation three replicas admit at least 95 % of capacity + rate x t, and no more',
  async (t) => {
    const { take, clock } = fleet(3)
    const history: { at: number; cost: number }[] = []
    const seconds = 20
    for (let sent = 0; sent < 400 * seconds; sent += 2) {
      for (const index of [sent, sent + 1]) {
        void take(index, 'k', small).then((verdict) => {
          if (verdict.isAllowed) history.push({ at: clock.now(), cost: 1 })
        })
      }
      await settle()
      await clock.run(5)
    }
    const bound = small.capacity + small.refillPerSecond * seconds
    t.comment(`${history.length} of ${bound}`)
    t.ok(history.length >= 0.95 * bound)
    t.ok(worstWindow(history, small.refillPerSecond) <= small.capacity + 1e-6)
  },
)

t.test('what is left is never told too high, also while other replicas hold and spend', async (t) => {
  const { take, clock } = fleet(3)
  let spent = 0
  for (let sent = 0; sent < 300; sent++) {
    const verdict = await take(sent, 'k', { ...large, capacity: 1_000, refillPerSecond: 0.001 })
    spent++
    if (verdict.remaining > 1_000 - spent) t.fail(`${verdict.remaining} left after ${spent}`)
    await clock.run(3)
  }
  t.pass()
})

t.test('an idle lease goes back, and the account is forgotten', async (t) => {
  const { take, clock, calls } = fleet(2)
  for (let i = 0; i < 3; i++) await take(0, 'k', small)
  await clock.run(10_000)
  t.match(await take(1, 'k', small), { remaining: 49 })
  const before = calls.length
  await clock.run(60_000)
  t.equal(calls.length, before)
  t.equal(clock.pending(), 0, 'no timer without an account')
})

t.test('a lease in use is renewed before it ends', async (t) => {
  const { replicas, take, clock } = fleet(1)
  await take(0, 'k', large)
  await take(0, 'k', large)
  for (let second = 0; second < 20; second++) {
    await clock.run(500)
    const verdict = replicas[0]?.take('k', large, 1)
    t.ok(verdict && isPlain(verdict))
  }
})

t.test('close returns what is unspent, also of leases that are on the way', async (t) => {
  const scene = fleet(2)
  const { take, replicas, clock } = scene
  for (let i = 0; i < 3; i++) await take(0, 'k', small)
  await take(0, 'other', small)
  scene.latencyMs = 10
  const open = take(0, 'other', small)
  await settle()
  const more = take(0, 'other', small)
  const closed = replicas[0]?.close()
  await travel(clock, 200)
  await Promise.all([closed, open, more])
  scene.latencyMs = 0
  t.match(await take(1, 'k', small), { remaining: 49 })
  t.match(await take(1, 'other', small), { remaining: 49 })
  t.match(await take(0, 'k', small), { isAllowed: true }, 'still answered')
  t.equal(clock.pending(), 1, 'the other replica has one sweep to come')
})

t.test('many keys: the longest unused is returned and forgotten', async (t) => {
  const { take, calls } = fleet(1, { maxKeys: 20 })
  for (let i = 0; i < 3; i++) await take(0, 'first', small)
  for (let i = 0; i < 60; i++) await take(0, `k${i}`, small)
  await settle()
  const before = calls.length
  t.match(await take(0, 'first', small), { isAllowed: true })
  t.equal(calls.length, before + 1, 'it was forgotten')
  const few = fleet(1, { maxKeys: 2 })
  t.ok((await Promise.all(['a', 'b', 'c'].map((key) => few.take(0, key, small)))).every((v) => v.isAllowed))
  const waiting = Array.from({ length: 40 }, (_, index) => take(0, `w${index}`, small))
  t.ok(
    (await Promise.all(waiting)).every((verdict) => verdict.isAllowed),
    'nobody who waits is dropped',
  )
})

t.test('names the buckets it let most through, the busiest first', async (t) => {
  const { take, replicas } = fleet(1)
  const spent = { a: 3, b: 7, c: 1, d: 7, e: 5 }
  for (const [key, tokens] of Object.entries(spent)) await take(0, key, small, tokens)
  await take(0, 'refused', small, 50)
  await take(0, 'refused', small, 1)
  await take(0, 'late and small', small, 1)
  const busiest = replicas[0]?.busiest(4) ?? []
  t.strictSame(
    busiest.map(({ key, spent, remaining }) => [key, spent, remaining]),
    [
      ['refused', 50, 0],
      ['b', 7, 43],
      ['d', 7, 43],
      ['e', 5, 45],
    ],
  )
})
