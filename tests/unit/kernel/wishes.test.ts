/** What is wished for counts until it is over or taken back. */

import t from 'tap'
import { KnownWishes } from '#kernel/wishes.ts'
import { fakeClock } from '#tests/support/clock.ts'

t.test('a wish counts until its time is over, also while nothing is heard', async (t) => {
  const clock = fakeClock()
  const wishes = new KnownWishes(clock.now)
  wishes.hear([{ name: 'log-level', value: 'debug', leftMs: 1_000 }])
  t.match(wishes.of('log-level'), { value: 'debug' })
  clock.advance(999)
  t.match(wishes.of('log-level'), { value: 'debug' })
  clock.advance(1)
  t.equal(wishes.of('log-level'), undefined)
})

t.test('what is not heard any more was taken back, or lost', async (t) => {
  const wishes = new KnownWishes(fakeClock().now)
  wishes.hear([{ name: 'drain:api-1', value: 'x', leftMs: 1_000 }])
  wishes.hear([])
  t.equal(wishes.of('drain:api-1'), undefined)
})
