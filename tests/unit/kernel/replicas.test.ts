/** A replica is what it says it is until it has been silent for four beats. */

import t from 'tap'
import { downAfterMs, silentAfterMs, stateOf } from '#kernel/replicas.ts'

t.test('silence makes it down, whatever it said last', async (t) => {
  for (const state of ['up', 'draining'] as const) {
    t.equal(stateOf({ state }, 0), state)
    t.equal(stateOf({ state }, downAfterMs), state)
    t.equal(stateOf({ state }, downAfterMs + 1), 'down')
  }
})

t.test('it is worth showing before that', async (t) => {
  t.ok(silentAfterMs < downAfterMs)
})
