/** A replica is what it says it is until it has been silent for four beats. */

import t from 'tap'
import { type ReplicaReport, silentAfterMs, stateOf } from '#kernel/replicas.ts'

const report: ReplicaReport = {
  instanceId: 'api-1',
  version: '1.0.0',
  startedAt: '2026-01-01T00:00:00Z',
  state: 'up',
  inFlight: 0,
  requestsPerSecond: 0,
  p99Ms: 0,
  address: 'http://127.0.0.1:3001',
  breakers: {},
}

t.test('silence makes it down, whatever it said last', async (t) => {
  for (const state of ['up', 'draining'] as const) {
    t.equal(stateOf({ ...report, state }, 0), state)
    t.equal(stateOf({ ...report, state }, silentAfterMs), state)
    t.equal(stateOf({ ...report, state }, silentAfterMs + 1), 'down')
  }
})
