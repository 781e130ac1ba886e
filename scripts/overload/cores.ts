/** Keeps the load off the cores of what is measured, where there are two and `taskset` is there to say so. */

import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

export interface Cores {
  /** Put before the command that makes the load. */
  readonly ofLoad: readonly string[]
  readonly isApart: boolean
}

let parted: Cores | undefined

/** From the first call on this process, and all it starts, stays on the first half of the cores. */
export function cores(): Cores {
  parted ??= part()
  return parted
}

function part(): Cores {
  const count = availableParallelism()
  const half = Math.ceil(count / 2)
  const pin = ['-a', '-c', '-p', `0-${half - 1}`, String(process.pid)]
  return count > 1 && spawnSync('taskset', pin).status === 0
    ? { ofLoad: ['taskset', '-c', `${half}-${count - 1}`], isApart: true }
    : { ofLoad: [], isApart: false }
}
