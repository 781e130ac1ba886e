/** Keeps the load off the cores of what is measured, where there are enough and `taskset` is there to say so. */

import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

export interface Cores {
  /** Put before the command that makes the load. */
  readonly ofLoad: readonly string[]
  readonly isApart: boolean
}

// A stack of eight processes on one core measures the core.
const enough = 4

let parted: Cores | undefined

/** From the first call on this process, and all it starts, stays on the first half of the cores. */
export function cores(): Cores {
  parted ??= part()
  return parted
}

// Before anything is pinned: afterwards it counts the half.
export const coresInAll = availableParallelism()
const half = Math.ceil(coresInAll / 2)
const ofStack = `0-${half - 1}`
const ofLoad = `${half}-${coresInAll - 1}`

const pin = (list: string): boolean =>
  spawnSync('taskset', ['-a', '-c', '-p', list, String(process.pid)]).status === 0

const part = (): Cores =>
  coresInAll > 1 && pin(ofStack)
    ? { ofLoad: ['taskset', '-c', ofLoad], isApart: true }
    : { ofLoad: [], isApart: false }

/**
 * For a load that this process makes itself: what `start` starts runs on the first half of the cores, this process on the
 * other half from then on. `isApart` is false where there are fewer than four, or no `taskset`: all
 * share them all.
 */
export async function startApart<T>(start: () => Promise<T>): Promise<{ started: T; isApart: boolean }> {
  const isApart = coresInAll >= enough && pin(ofStack)
  const started = await start()
  if (isApart) pin(ofLoad)
  return { started, isApart }
}
