import t from 'tap'
import { fakeClock } from '#tests/support/clock.ts'

t.test('stands still until it is told to move', async (t) => {
  const clock = fakeClock(5_000)
  t.equal(clock.now(), 5_000)
  clock.advance(250)
  t.equal(clock.now(), 5_250)
})

t.test('fires timers in the order in which they are due, each at its own instant', async (t) => {
  const clock = fakeClock(0)
  const fired: [string, number][] = []
  clock.setTimeout(() => fired.push(['late', clock.now()]), 30)
  clock.setTimeout(() => fired.push(['early', clock.now()]), 10)
  clock.setTimeout(() => fired.push(['early, but set later', clock.now()]), 10)
  clock.setTimeout(() => fired.push(['not yet', clock.now()]), 31)
  clock.advance(30)
  t.strictSame(fired, [
    ['early', 10],
    ['early, but set later', 10],
    ['late', 30],
  ])
  t.equal(clock.pending(), 1)
})

t.test('fires a timer that another one sets within the same advance', async (t) => {
  const clock = fakeClock(0)
  const fired: number[] = []
  clock.setTimeout(() => clock.setTimeout(() => fired.push(clock.now()), 5), 10)
  clock.advance(20)
  t.strictSame(fired, [15])
})

t.test('repeats an interval until it is cleared, from inside too', async (t) => {
  const clock = fakeClock(0)
  let ticks = 0
  const interval = clock.setInterval(() => {
    if (++ticks === 3) clock.clearInterval(interval)
  }, 10)
  clock.advance(100)
  t.equal(ticks, 3)
  t.equal(clock.pending(), 0)
})

t.test('runs a loop of awaited sleeps', async (t) => {
  const clock = fakeClock(0)
  const instants: number[] = []
  const loop = (async () => {
    for (let round = 0; round < 3; round++) {
      await clock.sleep(10)
      instants.push(clock.now())
    }
  })()
  await clock.run(100)
  await loop
  t.strictSame(instants, [10, 20, 30])
  t.equal(clock.now(), 100)
})
