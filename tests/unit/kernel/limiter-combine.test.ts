import t from 'tap'
import { takeAll } from '#kernel/limiter/combine.ts'
import type { Limiter, Policy, Verdict } from '#kernel/limiter/policy.ts'
import { fleet, settle } from '#tests/support/limiter-fleet.ts'

const wide: Policy = { name: 'wide', capacity: 100, refillPerSecond: 1, windowSeconds: 100 }
const narrow: Policy = { name: 'narrow', capacity: 3, refillPerSecond: 1, windowSeconds: 3 }
const parts = [
  { key: 'principal', policy: wide, cost: 1 },
  { key: 'address', policy: narrow, cost: 1 },
] as const

const only = ({ replicas: [limiter] }: { readonly replicas: readonly Limiter[] }): Limiter => {
  if (!limiter) throw new Error('an empty fleet')
  return limiter
}

t.test('one limit is an ordinary take', async (t) => {
  const scene = fleet(1)
  t.match(await takeAll(only(scene), [parts[0]]), { isAllowed: true, remaining: 99 })
})

t.test('the tightest answers, and all travel in one call', async (t) => {
  const scene = fleet(1)
  t.match(await takeAll(only(scene), parts), { isAllowed: true, policy: { name: 'narrow' }, remaining: 2 })
  t.strictSame(scene.calls[0], { asks: 2 })
})

t.test('nothing is spent of the others when one refuses', async (t) => {
  const scene = fleet(1)
  const verdicts: Verdict[] = []
  for (let i = 0; i < 40; i++) verdicts.push(await takeAll(only(scene), parts))
  t.equal(verdicts.filter((verdict) => verdict.isAllowed).length, 3)
  await only(scene).close()
  const wideLeft = await scene.take(0, 'principal', wide)
  t.equal(wideLeft.remaining, 100 - 3 - 1)
})

t.test('of two refusals the longer counts', async (t) => {
  const scene = fleet(1)
  await scene.take(0, 'principal', wide, 100)
  await scene.take(0, 'address', narrow, 3)
  const verdict = await takeAll(only(scene), [
    { ...parts[0], cost: 9 },
    { ...parts[1], cost: 2 },
  ])
  t.match(verdict, { isAllowed: false, policy: { name: 'wide' }, retryAfterSeconds: 9 })
})

t.test('leases answer together at once, and a refusal puts back', async (t) => {
  const scene = fleet(1)
  const loose: Policy = { ...wide, name: 'loose' }
  const both = [parts[0], { ...parts[0], policy: loose }] as const
  for (let i = 0; i < 3; i++) await takeAll(only(scene), both)
  const plain = takeAll(only(scene), both)
  t.ok('isAllowed' in plain && plain.isAllowed)
})

t.test('while the store is away the local buckets are given back to as well', async (t) => {
  const scene = fleet(1)
  scene.disconnect()
  const verdicts: Verdict[] = []
  for (let i = 0; i < 10; i++) verdicts.push(await takeAll(only(scene), parts))
  t.equal(verdicts.filter((verdict) => verdict.isAllowed).length, 3)
  t.match(await scene.take(0, 'principal', wide), { remaining: 100 - 3 - 1 })
})

t.test('a hold whose lease was lost with the store gives nothing back', async (t) => {
  const scene = fleet(1)
  const limiter = only(scene)
  const hold = await limiter.hold('k', wide, 1)
  scene.store.clear()
  await scene.take(0, 'k', wide)
  await settle()
  hold.settle(false)
  t.match(await scene.take(0, 'k', wide), { isAllowed: true, remaining: 98 })
})
