/**
 * Refusals that a caller can cause as often as they like: each is counted, and of many in one second an even share is
 * written, whose `details.weight` says how many each entry stands for. Nobody waits for it to be written.
 */

import type { Database } from '#kernel/database.ts'
import { Sampler } from '#kernel/sampling.ts'
import type { Actor, AuditEvent, AuditTrail } from './audit-trail.ts'

export interface RefusalTrail {
  note(actor: Actor, refused: Pick<AuditEvent, 'action' | 'target'>): void
}

export interface RefusalTrailDeps {
  readonly database: Pick<Database, 'autocommit'>
  /** Writes. */
  readonly trail: AuditTrail
  /** Told of each, written or not. */
  readonly counted: (action: string, outcome: 'refused') => void
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Of one action, by one replica. */
  readonly perSecond?: number
}

export function refusalTrail({
  database,
  trail,
  counted,
  now,
  perSecond = 10,
}: RefusalTrailDeps): RefusalTrail {
  const samplers = new Map<string, ReturnType<typeof steadySampler>>()
  const outcome = 'refused'

  return {
    note(actor, { action, target }) {
      counted(action, outcome)
      // One for each action, so that a flood of one does not thin out the others.
      const sampler = samplers.get(action) ?? steadySampler(perSecond, now)
      samplers.set(action, sampler)
      const weight = sampler.take()
      if (weight === 0) return
      const event = { action, target, outcome, details: { weight } } as const
      // Nothing is lost for the caller when the trail cannot be written: the refusal stands.
      trail.record(database.autocommit, actor, event).catch(() => {})
    },
  }
}

/** A sampler that needs no timer: the seconds that have passed are told to it when it is next asked. */
function steadySampler(perSecond: number, now: () => number) {
  const sampler = new Sampler(perSecond)
  let second = Math.floor(now() / 1_000)
  return {
    take(): number {
      const current = Math.floor(now() / 1_000)
      // Two say all: a second of which nothing is known, and the one before it.
      for (let passed = Math.min(2, current - second); passed > 0; passed--) sampler.tick()
      second = current
      return sampler.take()
    },
  }
}
