/** Refusals without end: each counts, so many are written, and those say for how many they stand. */

import t from 'tap'
import type { Session } from '#kernel/database.ts'
import { anonymous } from '#kernel/principal.ts'
import { type AuditEvent, refusalTrail } from '#modules/audit/index.ts'
import { fakeClock } from '#tests/support/clock.ts'

function opened(failing = false) {
  const clock = fakeClock()
  const written: AuditEvent[] = []
  const sessions = new Set<Session>()
  const autocommit: Session = { run: async () => [], text: async () => [] }
  let count = 0
  const trail = refusalTrail({
    database: { autocommit },
    trail: {
      record: async (session, _actor, event) => {
        sessions.add(session)
        if (failing) throw new Error('away')
        written.push(event)
      },
    },
    counted: () => {
      count += 1
    },
    now: clock.now,
    perSecond: 5,
  })
  const actor = { principal: anonymous, requestId: 'r', clientAddress: '192.0.2.1' }
  const note = (times: number, action = 'requests.refuse'): void => {
    for (let each = 0; each < times; each++) trail.note(actor, { action, target: 'GET /x' })
  }
  const weights = (action = 'requests.refuse') =>
    written.filter((event) => event.action === action).map(({ details }) => details?.weight)
  return { clock, note, weights, sessions, autocommit, written, count: () => count }
}

t.test('what is rare is written each time, by itself and not with reads', async (t) => {
  const { note, clock, written, sessions, autocommit } = opened()
  note(1)
  clock.advance(60_000)
  note(1)
  const entry = { action: 'requests.refuse', target: 'GET /x', outcome: 'refused', details: { weight: 1 } }
  t.strictSame(written, [entry, entry])
  t.strictSame([...sessions], [autocommit])
})

t.test('of a flood all are counted, and few are written', async (t) => {
  const { note, clock, weights, count } = opened()
  note(1_000)
  t.equal(count(), 1_000)
  t.ok(weights().length <= 50, `${weights().length} entries of the burst that nothing announced`)
  clock.advance(1_000)
  const before = weights().length
  note(1_000)
  t.strictSame(weights().slice(before), [200, 200, 200, 200, 200])
})

t.test('a flood of one action hides no other', async (t) => {
  const { note, weights } = opened()
  note(1_000)
  note(1, 'sessions.throttle')
  t.strictSame(weights('sessions.throttle'), [1])
})

t.test('once a flood is over, the next refusal is written again, however long after', async (t) => {
  const { note, clock, weights } = opened()
  note(1_000)
  clock.advance(3_600_000)
  const before = weights().length
  note(1)
  t.strictSame(weights().slice(before), [1])
})

t.test('a trail that cannot be written fails nobody', async (t) => {
  const { note, count } = opened(true)
  note(1)
  await new Promise(setImmediate)
  t.equal(count(), 1)
})
