/** An audit trail that counts: what a business asks of its accounts is recorded there already. */

import type { AuditTrail } from './audit-trail.ts'

export interface AuditCounts {
  readonly action: string
  readonly outcome: string
  count: number
}

/** There from the start, at 0: an alarm sees the first of them as a step. */
const always = [
  ['users.register', 'done'],
  ['sessions.open', 'done'],
  ['sessions.open', 'refused'],
  ['sessions.throttle', 'refused'],
  ['sessions.reuse', 'refused'],
] as const

/** Counts what was written, also where its transaction is rolled back afterwards, and what `counted` is told of. */
export function countedTrail(trail: AuditTrail) {
  const counts = new Map<string, AuditCounts>()
  const of = (action: string, outcome: string): AuditCounts => {
    const known = counts.get(`${action} ${outcome}`)
    if (known !== undefined) return known
    const made = { action, outcome, count: 0 }
    counts.set(`${action} ${outcome}`, made)
    return made
  }
  for (const [action, outcome] of always) of(action, outcome)

  const counted = (action: string, outcome: string): void => {
    of(action, outcome).count += 1
  }

  const counting: AuditTrail = {
    async record(session, actor, event) {
      await trail.record(session, actor, event)
      counted(event.action, event.outcome ?? 'done')
    },
  }
  return {
    trail: counting,
    /** For what is not written each time it happens. */
    counted,
    counts: (): readonly AuditCounts[] => [...counts.values()],
    countOf: (action: string, outcome = 'done'): number => of(action, outcome).count,
  }
}

export type CountedTrail = ReturnType<typeof countedTrail>
