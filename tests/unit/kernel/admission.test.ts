import t from 'tap'
import { openAdmission, priorities } from '#kernel/admission/admission.ts'
import { AdmissionLimit } from '#kernel/admission/limit.ts'
import { AdmissionQueue } from '#kernel/admission/queue.ts'
import { fakeClock } from '#tests/support/clock.ts'

const [anonymous, free, pro, enterprise, admin] = priorities.map((_, index) => index) as [
  number,
  number,
  number,
  number,
  number,
]

/** Windows of requests that take `tookMs`, beside `running`. */
function windows(limit: AdmissionLimit, from: number, tookMs: number, running: number, count = 300): number {
  let at = from
  for (let window = 0; window < count; window++) {
    at += 101
    for (let sample = 0; sample < 20; sample++) limit.sample(tookMs, running, at)
  }
  return at
}

t.test('the limit grows while it is used and times stay as usual, up to its maximum', async (t) => {
  const limit = new AdmissionLimit()
  windows(limit, 0, 10, 1_000)
  t.equal(limit.current, 1_024)
})

t.test('a limit that nobody fills stays', async (t) => {
  const limit = new AdmissionLimit()
  windows(limit, 0, 10, 5)
  t.equal(limit.current, 128)
})

t.test('the limit shrinks when requests take longer than usual, never below 128', async (t) => {
  const limit = new AdmissionLimit()
  const at = windows(limit, 0, 10, 1_000)
  windows(limit, at, 100, 1_000, 10)
  t.ok(limit.current < 600, String(limit.current))
  windows(limit, at + 10_000, 1_000, 1_000, 15)
  t.ok(limit.current >= 128)
})

t.test('the usual time comes down again after a long overload', async (t) => {
  const limit = new AdmissionLimit()
  let at = windows(limit, 0, 500, 1_000)
  at = windows(limit, at, 5, 1_000)
  windows(limit, at, 100, 1_000, 10)
  t.ok(limit.current < 1_024, 'a hundred is long again')
})

t.test('few requests are no evidence', async (t) => {
  const limit = new AdmissionLimit()
  for (let at = 0; at < 1_900; at += 100) limit.sample(1_000, 128, at)
  t.equal(limit.current, 128)
})

t.test('a burst of 300 from one client: 128 run, the others wait and run in their order', async (t) => {
  const clock = fakeClock()
  const admission = openAdmission({ now: clock.now })
  const ran: number[] = []
  for (let index = 0; index < 300; index++) {
    if (admission.enter(anonymous)) ran.push(index)
    else t.ok(admission.wait(anonymous, (isAdmitted) => isAdmitted && ran.push(index)))
  }
  t.match(admission.stats(), { running: 128, waiting: 172, admitted: 128 })
  for (let index = 0; index < 300; index++) admission.leave(1)
  t.strictSame(
    ran,
    Array.from({ length: 300 }, (_, index) => index),
  )
  t.match(admission.stats(), { running: 0, waiting: 0, admitted: 300, shed: { anonymous: 0 } })
})

/** Full, with nobody waiting. */
const full = (clock = fakeClock(), options = {}) => {
  const admission = openAdmission({ now: clock.now, min: 2, max: 2, ...options })
  admission.enter(anonymous)
  admission.enter(anonymous)
  return { admission, clock }
}

t.test('whoever pays more runs first', async (t) => {
  const { admission } = full()
  const ran: number[] = []
  for (const priority of [free, anonymous, admin, pro, enterprise])
    admission.wait(priority, () => ran.push(priority))
  for (let index = 0; index < 5; index++) admission.leave(1)
  t.strictSame(ran, [admin, enterprise, pro, free, anonymous])
})

t.test('a full queue gives up the oldest of the least priority, and nobody for less', async (t) => {
  const { admission } = full(fakeClock(), { maxWaiting: 2 })
  const told: string[] = []
  const wait = (priority: number, name: string) =>
    admission.wait(priority, (isAdmitted) => told.push(`${name} ${isAdmitted}`))
  wait(free, 'first')
  wait(pro, 'second')
  t.equal(wait(anonymous, 'third'), undefined, 'less than all who wait')
  t.ok(wait(enterprise, 'fourth'))
  t.strictSame(told, ['first false'])
  t.match(admission.stats().shed, { anonymous: 1, free: 1, enterprise: 0 })
})

t.test('nobody waits longer than patience lasts', async (t) => {
  const { admission, clock } = full()
  const told: boolean[] = []
  admission.wait(pro, (isAdmitted) => told.push(isAdmitted))
  clock.advance(400)
  admission.tick({ delayMs: 0, busyShare: 0 })
  t.strictSame(told, [])
  clock.advance(600)
  admission.tick({ delayMs: 0, busyShare: 0 })
  t.strictSame(told, [false])
  t.equal(admission.stats().waiting, 0)
})

t.test('in a standing queue the newest go first', async (t) => {
  const { admission, clock } = full()
  const told: string[] = []
  const wait = (name: string) => admission.wait(pro, (isAdmitted) => told.push(`${name} ${isAdmitted}`))
  wait('old')
  clock.advance(510)
  wait('newer')
  wait('newest')
  admission.leave(1)
  t.strictSame(told, ['newest true'])
  clock.advance(490)
  admission.leave(1)
  t.strictSame(told, ['newest true', 'old false', 'newer true'])
})

t.test('who gives up waiting is not called any more', async (t) => {
  const { admission } = full()
  const giveUp = admission.wait(pro, () => t.fail('called'))
  giveUp?.()
  giveUp?.()
  admission.leave(1)
  t.match(admission.stats(), { waiting: 0, running: 1 })
})

t.test('nobody overtakes those who wait', async (t) => {
  const { admission } = full(fakeClock(), { max: 2 })
  admission.wait(free, () => {})
  t.equal(admission.enter(enterprise), false)
})

t.test(
  'a late event loop keeps out one priority more every half second, and lets them in again',
  async (t) => {
    const clock = fakeClock()
    const admission = openAdmission({ now: clock.now })
    const late = (count: number) => {
      for (let tick = 0; tick < count; tick++) admission.tick({ delayMs: 150, busyShare: 0 })
    }
    late(4)
    t.equal(admission.stats().brake, 0, 'one long turn is no overload')
    late(1)
    t.equal(admission.enter(anonymous), false)
    t.equal(
      admission.wait(anonymous, () => {}),
      undefined,
    )
    t.ok(admission.enter(free))
    late(100)
    t.notOk(admission.enter(enterprise))
    t.ok(admission.enter(admin), 'never admins')
    for (let tick = 0; tick < 4; tick++) admission.tick({ delayMs: 0, busyShare: 0 })
    t.ok(admission.enter(anonymous))
  },
)

t.test(
  'while the loop is never idle fewer run at once, so that those who wait go by priority, and all again when it is over',
  async (t) => {
    const clock = fakeClock()
    const admission = openAdmission({ now: clock.now, max: 128 })
    const enter = (count: number) => {
      for (let index = 0; index < count; index++) if (!admission.enter(pro)) admission.wait(pro, () => {})
    }
    const tick = (busyShare: number) => {
      clock.advance(100)
      admission.tick({ delayMs: 0, busyShare })
    }
    enter(120)
    for (let ticks = 0; ticks < 4; ticks++) tick(1)
    tick(0)
    t.equal(admission.stats().limit, 128, 'a loop that is busy for a moment is no overload')
    for (let ticks = 0; ticks < 20; ticks++) tick(1)
    t.match(admission.stats(), { limit: 24, running: 120 })
    t.notOk(admission.enter(pro), 'who comes now waits')
    tick(0)
    t.equal(admission.stats().limit, 32)
    for (let ticks = 0; ticks < 14; ticks++) tick(0)
    t.match(admission.stats(), { limit: 128, waiting: 0 })
  },
)

t.test('a queue knows nobody of a priority it has not', async (t) => {
  const queue = new AdmissionQueue({ priorities: 1 })
  queue.remove({ priority: 3, since: 0, decide: () => {} })
  t.equal(queue.next(0), undefined)
  t.notOk(queue.isOverloaded(10_000))
})
