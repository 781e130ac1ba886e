/** CPU time of servers from /proc, children included: what `utime` and `stime` say before and after. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { descendantsOf } from '#scripts/engine/identity.ts'

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU microseconds used so far by these processes and all below them, also by children that have ended since. */
export function cpuMicros(roots: readonly number[]): number {
  const pids = new Set(roots.flatMap((root) => [root, ...descendantsOf(root)]))
  let ticks = 0
  for (const pid of pids) ticks += ticksOf(pid)
  return (ticks / ticksPerSecond) * 1e6
}

/** utime, stime, and those of children that were waited for: fields 14 to 17 of proc_pid_stat(5). */
function ticksOf(pid: number): number {
  const fields = fieldsOf(pid)
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0)
}

// Counted from the last bracket: the name, second, may hold spaces.
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) * 1_024
}
