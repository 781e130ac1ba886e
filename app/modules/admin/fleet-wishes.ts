/**
 * Does what is wished for of all replicas, with each beat: forces breakers, drains, logs more or less. A wish that is
 * over, taken back or lost with Redis is undone by itself; while Redis is only away, it counts until its time is over. What
 * no admin can have wished for is none.
 */

import type { Registry } from '#kernel/replicas.ts'
import type { Breaker, BreakerForce } from '#platform/breaker.ts'

export const breakerWish = (name: string): string => `breaker:${name}`
export const drainWish = (instanceId: string): string => `drain:${instanceId}`
export const levelWish = 'log-level'

export const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export const forces = ['open', 'closed', 'auto'] as const satisfies readonly BreakerForce[]

export interface FleetWishesDeps {
  readonly registry: Registry
  readonly instanceId: string
  /** Of this start: a replica that was drained and started anew is another one, and serves. */
  readonly startedAt: string
  readonly breakers: readonly Breaker[]
  /** Takes this replica out, and back in. */
  readonly serveOrDrain: (wanted: 'serving' | 'drained') => void
  readonly logger: { level: string }
}

/** Returns what is to be called with each beat. */
export function fleetWishes(deps: FleetWishesDeps): () => void {
  const { registry, instanceId, startedAt, breakers, serveOrDrain, logger } = deps
  const ownLevel = logger.level
  const done = new Map<string, string>()
  /** Only what is another than before is done. */
  const follow = <Value extends string>(
    name: string,
    fallback: Value,
    isValue: (wished: string) => wished is Value,
    act: (value: Value) => void,
  ): void => {
    const wished = registry.wish(name)?.value ?? fallback
    const value = isValue(wished) ? wished : fallback
    if (value === (done.get(name) ?? fallback)) return
    done.set(name, value)
    act(value)
  }

  return () => {
    for (const breaker of breakers) {
      follow(breakerWish(breaker.report().name), 'auto', oneOf(forces), (force) => breaker.force(force))
    }
    follow(levelWish, ownLevel, oneOf<string>([...levels, ownLevel]), (level) => {
      logger.level = level
    })
    follow(drainWish(instanceId), '', oneOf<string>(['', startedAt]), (start) =>
      serveOrDrain(start === startedAt ? 'drained' : 'serving'),
    )
  }
}

const oneOf =
  <Value extends string>(values: readonly Value[]) =>
  (wished: string): wished is Value =>
    values.some((value) => value === wished)
