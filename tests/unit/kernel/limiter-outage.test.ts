import t from 'tap'
import type { Policy, Verdict } from '#kernel/limiter/policy.ts'
import { fleet, settle, timeoutMs } from '#tests/support/limiter-fleet.ts'

const policy: Policy = { name: 'p', capacity: 30, refillPerSecond: 3, windowSeconds: 10 }
const isPlain = (verdict: Verdict | Promise<Verdict> | undefined): verdict is Verdict =>
  verdict !== undefined && 'isAllowed' in verdict
const admitted = (verdicts: readonly Verdict[]) => verdicts.filter((verdict) => verdict.isAllowed).length

t.test('the store gone: one bounded wait, then a share of the limit without waiting', async (t) => {
  const scene = fleet(3)
  scene.trouble = 'swallows-asks'
  const waiting = scene.take(0, 'k', policy)
  const other = scene.take(0, 'other', policy)
  await scene.clock.run(timeoutMs)
  t.match(await waiting, { isAllowed: true, remaining: 9 })
  t.match(await other, { isAllowed: true, remaining: 9 })
  let passed = 0
  for (let i = 0; i < 20; i++) {
    const verdict = scene.replicas[0]?.take('k', policy, 1)
    if (!isPlain(verdict)) return t.fail('had to wait')
    if (verdict.isAllowed) passed++
    else t.match(verdict, { retryAfterSeconds: 2 })
  }
  t.equal(passed, 9)
  await scene.clock.run(2_250)
  t.match(await scene.take(0, 'k', policy), { isAllowed: true }, 'refilled at a share of the rate')
})

t.test('a lost connection frees all who wait, also those whose ask has not left', async (t) => {
  const scene = fleet(1)
  scene.trouble = 'swallows-answers'
  const asked = scene.take(0, 'k', policy)
  await settle()
  const queued = scene.take(0, 'k', policy)
  const due = scene.take(0, 'due', policy)
  scene.disconnect()
  scene.disconnect()
  t.equal(admitted(await Promise.all([asked, queued, due])), 3)
  await scene.clock.run(timeoutMs + 10)
  t.equal(scene.calls.length, 1)
})

t.test('an answer that comes after the store was given up changes nothing', async (t) => {
  const scene = fleet(1)
  scene.latencyMs = 100
  const asked = scene.take(0, 'k', policy)
  await settle()
  scene.disconnect()
  t.match(await asked, { isAllowed: true })
  await scene.clock.run(150)
  t.ok(isPlain(scene.replicas[0]?.take('k', policy, 1)), 'still by the local bucket')
})

t.test('at least one passes, however small the limit and large the fleet', async (t) => {
  const scene = fleet(1, { liveReplicas: () => 50 })
  scene.trouble = 'rejects'
  t.equal(admitted([await scene.take(0, 'k', policy), await scene.take(0, 'k', policy)]), 1)
  const dear = { ...policy, capacity: 100 }
  t.match(
    await scene.take(0, 'dear', dear, 5),
    { isAllowed: true },
    'a cost above the share needs a full one',
  )
  t.match(await scene.take(0, 'dear', dear, 5), { isAllowed: false })
})

t.test('the store back: found by itself, no free burst', async (t) => {
  const scene = fleet(3)
  await Promise.all(Array.from({ length: 30 }, () => scene.take(0, 'k', policy)))
  scene.trouble = 'rejects'
  scene.disconnect()
  await scene.clock.run(1_000)
  scene.trouble = 'none'
  await scene.clock.run(300)
  const verdicts = await Promise.all(Array.from({ length: 30 }, () => scene.take(0, 'k', policy)))
  t.equal(admitted(verdicts), 0, 'the time without the store is not refilled twice')
})

t.test(
  'the store back and empty: a bucket begins with what this replica would still have given',
  async (t) => {
    const scene = fleet(3)
    scene.trouble = 'rejects'
    scene.disconnect()
    for (let i = 0; i < 4; i++) await scene.take(0, 'k', policy)
    scene.store.clear()
    scene.trouble = 'none'
    await scene.clock.run(250)
    t.match(await scene.take(0, 'k', policy), { isAllowed: true, remaining: 5 })
    t.match(await scene.take(0, 'fresh', policy), { isAllowed: true, remaining: 9 })
  },
)

t.test('a lease in hand is spent on while the store is away', async (t) => {
  const scene = fleet(1)
  for (let i = 0; i < 2; i++) await scene.take(0, 'k', policy)
  scene.disconnect()
  t.match(await scene.take(0, 'k', policy), { isAllowed: true })
  await scene.clock.run(5_000)
  t.match(await scene.take(0, 'k', policy), { isAllowed: true })
})

t.test('a call the store has seen is asked again under a new number', async (t) => {
  const scene = fleet(1)
  const { settle: answer } = scene.store
  let repeats = 1
  scene.store.settle = async (holder, asks) => {
    const grants = await answer(holder, asks)
    return repeats-- > 0 ? grants.map((grant) => ({ ...grant, isRepeated: true })) : grants
  }
  t.match(await scene.take(0, 'k', policy), { isAllowed: true, remaining: 28 })
  t.equal(scene.calls.length, 2)
})

t.test('closing while the store is away waits for nothing and leaves no probe', async (t) => {
  const scene = fleet(1)
  await scene.take(0, 'k', policy)
  scene.trouble = 'rejects'
  scene.disconnect()
  await scene.replicas[0]?.close()
  t.equal(scene.clock.pending(), 0)
  await scene.replicas[0]?.close()
})

t.test('a store lost after closing is not looked for', async (t) => {
  const scene = fleet(1)
  await scene.replicas[0]?.close()
  scene.disconnect()
  t.equal(scene.clock.pending(), 0)
})

t.test('closing ends the probing that is under way', async (t) => {
  const scene = fleet(1)
  scene.trouble = 'swallows-asks'
  scene.disconnect()
  await scene.clock.run(260)
  await scene.replicas[0]?.close()
  await scene.clock.run(timeoutMs)
  t.equal(scene.clock.pending(), 0)
})

t.test('a store that answers less than it was asked counts as lost', async (t) => {
  const scene = fleet(1)
  const { settle: answer } = scene.store
  scene.store.settle = async (holder, asks) => (await answer(holder, asks)).slice(1)
  t.match(await scene.take(0, 'k', policy), { isAllowed: true, remaining: 29 })
  scene.store.settle = async (holder, asks) =>
    (await answer(holder, asks)).map((grant) => ({ ...grant, admitted: [], waitMs: 1_000 }))
  await scene.clock.run(250)
  t.match(await scene.take(0, 'other', policy), { isAllowed: false, retryAfterSeconds: 1 })
})
