import t from 'tap'
import { Decisions } from '#kernel/limiter/decisions.ts'
import { allowed, type Policy, refused } from '#kernel/limiter/policy.ts'
import { fleet, settle } from '#tests/support/limiter-fleet.ts'

const policy = (name: string): Policy => ({
  name,
  capacity: 10_000,
  refillPerSecond: 100,
  windowSeconds: 100,
})

t.test('counts what each policy let pass and refused', async (t) => {
  const decisions = new Decisions()
  for (const _ of [1, 2, 3]) decisions.count(allowed(policy('free'), 5))
  decisions.count(refused(policy('free'), 0, 1_000))
  t.strictSame([...decisions.counts()], [['free', { allowed: 3, denied: 1 }]])
})

t.test('policies of single keys do not make counts without bound', async (t) => {
  const decisions = new Decisions()
  for (let each = 0; each < 100; each++) decisions.count(allowed(policy(`key-${each}`), 5))
  t.equal(decisions.counts().size, 33)
  t.equal(decisions.counts().get('other')?.allowed, 68)
})

t.test(
  'a limiter tells how many buckets it knows, leases of how many, and whether the store is away',
  async (t) => {
    const scene = fleet(1)
    const limiter = scene.replicas[0]
    t.strictSame(limiter?.stats(), { buckets: 0, leases: 0, isLocal: false })
    await scene.take(0, 'b', policy('p'))
    for (let each = 0; each < 20; each++) {
      await scene.take(0, 'a', policy('p'))
      await scene.clock.run(20)
    }
    t.match(limiter?.stats(), { buckets: 2, isLocal: false })
    t.ok(Number(limiter?.stats().leases) > 0)
    scene.disconnect()
    await settle()
    t.match(limiter?.stats(), { isLocal: true })
  },
)
