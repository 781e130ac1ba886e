/**
 * No history, whatever its interleaving, admits more than capacity + rate x t, and one capacity more per loss; whoever asks
 * for more than that gets nearly all of it.
 */

import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { Policy } from '#kernel/limiter/policy.ts'
import { type Admission, type Fleet, fleet, settle, worstWindow } from '#tests/support/limiter-fleet.ts'

const policies = fc
  .record({ capacity: fc.integer({ min: 15, max: 100 }), refillPerSecond: fc.integer({ min: 1, max: 30 }) })
  .map(
    ({ capacity, refillPerSecond }): Policy => ({
      name: 'p',
      capacity,
      refillPerSecond,
      windowSeconds: capacity / refillPerSecond,
    }),
  )

/** Counted by windows of the clock, whose length is that of a whole refill. */
const windows = fc
  .record({ capacity: fc.integer({ min: 15, max: 100 }), windowSeconds: fc.integer({ min: 1, max: 12 }) })
  .map(
    ({ capacity, windowSeconds }): Policy => ({
      name: 'w',
      capacity,
      refillPerSecond: capacity / windowSeconds,
      windowSeconds,
      algorithm: 'sliding-window',
    }),
  )

/**
 * What a sliding window counts, from what was really admitted: at each admission this window's tokens, and the last
 * window's by the share of it that a window ending now still covers. The highest it came to.
 */
function highestEstimate(history: readonly Admission[], windowSeconds: number): number {
  const lengthMs = windowSeconds * 1_000
  const inWindow = new Map<number, number>()
  let highest = 0
  for (const { at, cost } of history.toSorted((a, b) => a.at - b.at)) {
    const window = Math.floor(at / lengthMs)
    const current = (inWindow.get(window) ?? 0) + cost
    inWindow.set(window, current)
    const covered = 1 - (at % lengthMs) / lengthMs
    highest = Math.max(highest, current + (inWindow.get(window - 1) ?? 0) * covered)
  }
  return highest
}

type Step =
  | { readonly is: 'take'; readonly replica: number; readonly cost: number; readonly count: number }
  | { readonly is: 'pass'; readonly ms: number }
  | { readonly is: 'crash' | 'close' | 'freeze' | 'thaw'; readonly replica: number }
  | { readonly is: 'slow'; readonly ms: number }
  | {
      readonly is: 'lose'
      readonly how: 'rejects' | 'swallows-asks' | 'swallows-answers'
      readonly empties: boolean
    }
  | { readonly is: 'recover' | 'empty' }

const replica = fc.nat({ max: 2 })
const take = fc.record({
  is: fc.constant('take' as const),
  replica,
  cost: fc.constantFrom(1, 1, 1, 2, 5),
  count: fc.integer({ min: 1, max: 40 }),
})
const pass = fc.record({
  is: fc.constant('pass' as const),
  ms: fc.constantFrom(0, 1, 10, 100, 700, 3_000, 6_000, 9_000),
})
const crash = fc.record({ is: fc.constant('crash' as const), replica })
const close = fc.record({ is: fc.constant('close' as const), replica })
const freeze = fc.record({ is: fc.constant('freeze' as const), replica })
const thaw = fc.record({ is: fc.constant('thaw' as const), replica })
const longestMs = 60
const slow = fc.record({ is: fc.constant('slow' as const), ms: fc.constantFrom(0, 5, longestMs) })
const lose = fc.record({
  is: fc.constant('lose' as const),
  how: fc.constantFrom('rejects' as const, 'swallows-asks' as const, 'swallows-answers' as const),
  empties: fc.boolean(),
})
const recover = fc.record({ is: fc.constant('recover' as const) })
const empty = fc.record({ is: fc.constant('empty' as const) })

const often = { arbitrary: take, weight: 8 }
const sometimes = { arbitrary: pass, weight: 6 }
const histories = (...rare: fc.Arbitrary<Step>[]) =>
  fc.array(fc.oneof(often, sometimes, ...rare), { maxLength: 60, size: 'max' })

interface History {
  readonly admissions: Admission[]
  /** In capacities. */
  losses: number
}

async function play(steps: readonly Step[], policy: Policy): Promise<History> {
  const scene = fleet(3)
  const history: History = { admissions: [], losses: 0 }
  const open: Promise<void>[] = []
  for (const step of steps) {
    await perform(step, scene, policy, history, open)
    await settle()
  }
  scene.trouble = 'none'
  scene.latencyMs = 0
  await scene.clock.run(500)
  await Promise.all(open)
  return history
}

async function perform(step: Step, scene: Fleet, policy: Policy, history: History, open: Promise<void>[]) {
  switch (step.is) {
    case 'take':
      for (let i = 0; i < step.count; i++) {
        const cost = Math.min(step.cost, policy.capacity)
        const answered = scene.take(step.replica, 'k', policy, cost).then((verdict) => {
          if (verdict.isAllowed) history.admissions.push({ at: scene.clock.now(), cost })
        })
        open.push(answered)
      }
      return
    case 'pass':
      return scene.clock.run(step.ms)
    case 'crash':
      // A new process knows of no loss before it: a bucket lost with the store begins full when it is the first to ask.
      if (history.losses > 0) history.losses++
      return scene.crash(step.replica)
    case 'freeze':
    case 'thaw':
      return scene[step.is](step.replica)
    case 'close':
      void scene.replicas[step.replica]?.close()
      return
    case 'slow':
      scene.latencyMs = step.ms
      return
    case 'lose':
      if (scene.trouble !== 'none') return
      scene.trouble = step.how
      if (step.empties) scene.store.clear()
      history.losses++
      return scene.disconnect()
    case 'recover':
      scene.trouble = 'none'
      return
    case 'empty':
      if (scene.trouble !== 'none') return
      scene.store.clear()
      history.losses++
  }
}

t.test(
  'in every window at most capacity + rate x t, with crashes, freezes and leases given back',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(policies, histories(crash, close, freeze, thaw), async (policy, steps) => {
        const { admissions } = await play(steps, policy)
        return worstWindow(admissions, policy.refillPerSecond) <= policy.capacity + 1e-6
      }),
      { numRuns: 150 },
    )
    t.pass()
  },
)

t.test('slow answers shift admissions by no more than they travel', async (t) => {
  await fc.assert(
    fc.asyncProperty(policies, histories(crash, slow), async (policy, steps) => {
      const { admissions } = await play(steps, policy)
      const onTheWay = policy.refillPerSecond * (longestMs / 1_000)
      return worstWindow(admissions, policy.refillPerSecond) <= policy.capacity + onTheWay + 1e-6
    }),
    { numRuns: 150 },
  )
  t.pass()
})

const lossesAddCapacities = async (t: Test, steps: fc.Arbitrary<Step[]>, limits = policies) => {
  await fc.assert(
    fc.asyncProperty(limits, steps, async (policy, steps) => {
      const { admissions, losses } = await play(steps, policy)
      return worstWindow(admissions, policy.refillPerSecond) <= policy.capacity * (1 + losses) + 1e-6
    }),
    { numRuns: 150 },
  )
  t.pass()
}

t.test('each loss of the store adds at most one capacity', (t) =>
  lossesAddCapacities(t, histories(lose, recover, empty)),
)

t.test('a process started after a loss may add one more', (t) =>
  lossesAddCapacities(t, histories(lose, recover, empty, crash)),
)

t.test(
  'a sliding window never counts above its capacity, with crashes, freezes and leases given back',
  async (t) => {
    let admitted = 0
    await fc.assert(
      fc.asyncProperty(windows, histories(crash, close, freeze, thaw), async (policy, steps) => {
        const { admissions } = await play(steps, policy)
        admitted += admissions.length
        return (
          highestEstimate(admissions, policy.windowSeconds) <= policy.capacity + 1e-6 &&
          // From which this follows: before the last window boundary at most what was counted, after it the rest of the capacity.
          worstWindow(admissions, policy.refillPerSecond) <= policy.capacity + 1e-6
        )
      }),
      { numRuns: 150 },
    )
    t.ok(admitted > 1_000, 'and admits')
  },
)

t.test('slow answers shift what a sliding window admits by no more than they travel', async (t) => {
  await fc.assert(
    fc.asyncProperty(windows, histories(crash, slow), async (policy, steps) => {
      const { admissions } = await play(steps, policy)
      const onTheWay = policy.refillPerSecond * (longestMs / 1_000)
      return worstWindow(admissions, policy.refillPerSecond) <= policy.capacity + onTheWay + 1e-6
    }),
    { numRuns: 150 },
  )
  t.pass()
})

t.test('each loss of the store adds at most one capacity to a sliding window too', (t) =>
  lossesAddCapacities(t, histories(lose, recover, empty), windows),
)

t.test(
  'whoever asks for more than there is gets at least 95 % of it, from any of the replicas',
  async (t) => {
    const everyMs = 20
    const forMs = 20_000
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.array(replica, { minLength: 1, maxLength: 12 }),
        async (policy, turns) => {
          const scene = fleet(3)
          let admitted = 0
          // Twice what is refilled, and once the whole to begin with.
          const perTurn = Math.ceil((policy.refillPerSecond * 2 * everyMs) / 1_000)
          const ask = (count: number, at: number): void => {
            for (let n = 0; n < count; n++)
              void scene.take(turns[(at + n) % turns.length] ?? 0, 'k', policy, 1).then((verdict) => {
                if (verdict.isAllowed) admitted += 1
              })
          }
          ask(policy.capacity * 2, 0)
          for (let at = 0; at * everyMs < forMs; at++) {
            ask(perTurn, at)
            await scene.clock.run(everyMs)
            await settle()
          }
          return admitted >= 0.95 * (policy.capacity + (policy.refillPerSecond * forMs) / 1_000)
        },
      ),
      { numRuns: 150 },
    )
    t.pass()
  },
)
