/** Reads a second, from counters that only grow: what one picture has more than the one before it. */

import type { SystemPicture } from '#client/index.ts'
import { timesOf } from '#dashboard/live/figures.ts'

export interface CacheRates {
  readonly times: readonly number[]
  readonly hitsPerSecond: readonly (number | null)[]
  readonly missesPerSecond: readonly (number | null)[]
  /** All of the time shown. */
  readonly hits: number
  readonly misses: number
}

export function ratesOf(history: readonly SystemPicture[]): CacheRates {
  const steps = history.map((picture, index) => stepOf(history[index - 1], picture))
  const perSecond = (figure: 'hits' | 'misses') => steps.map((step) => step && step[figure] / step.seconds)
  const total = (figure: 'hits' | 'misses') => steps.reduce((sum, step) => sum + (step?.[figure] ?? 0), 0)
  return {
    times: timesOf(history),
    hitsPerSecond: perSecond('hits'),
    missesPerSecond: perSecond('misses'),
    hits: total('hits'),
    misses: total('misses'),
  }
}

interface Step {
  readonly seconds: number
  readonly hits: number
  readonly misses: number
}

function stepOf(before: SystemPicture | undefined, after: SystemPicture): Step | null {
  if (before === undefined) return null
  const old = new Map(before.replicas.map(({ instanceId, cache }) => [instanceId, cache]))
  // A replica that started anew counts from zero again: its step begins there.
  const grown = after.replicas.map(({ instanceId, cache }) => {
    const { hits = 0, misses = 0, stale = 0 } = old.get(instanceId) ?? cache
    return {
      hits: Math.max(0, cache.hits + cache.stale - hits - stale),
      misses: Math.max(0, cache.misses - misses),
    }
  })
  return {
    seconds: (after.time - before.time) / 1_000,
    hits: grown.reduce((sum, { hits }) => sum + hits, 0),
    misses: grown.reduce((sum, { misses }) => sum + misses, 0),
  }
}
