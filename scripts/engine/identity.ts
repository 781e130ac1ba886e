/** Which process a pid means: numbers are given out again, a number with its start time is not. */

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

export interface Identity {
  readonly pid: number
  /** Opaque; equal for the same process only. */
  readonly startedAt: string
}

interface Row {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly isZombie: boolean
  readonly startedAt: string
  readonly ticks?: number
}

// Start times count from the boot, and after the next one they may repeat.
const boot =
  process.platform === 'linux' ? `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/` : ''

/** The process with this pid, unless it has ended. */
export function identify(pid: number): Identity | undefined {
  const row = process.platform === 'linux' ? fromProc(pid) : fromPs(['-p', String(pid)])[0]
  return row === undefined || row.isZombie ? undefined : { pid, startedAt: row.startedAt }
}

export const isAlive = ({ pid, startedAt }: Identity): boolean => identify(pid)?.startedAt === startedAt

/** CPU time the process has used so far, in clock ticks; undefined where /proc does not tell. */
export const cpuTicksOf = ({ pid }: Identity): number | undefined => fromProc(pid)?.ticks

/** Signals that very process. False when it has ended. */
export function signal(identity: Identity, name: NodeJS.Signals): boolean {
  try {
    return isAlive(identity) && process.kill(identity.pid, name)
  } catch {
    return false
  }
}

/** All living processes below `pid`: the workers of nginx, the sessions of Postgres. */
export function descendantsOf(pid: number): number[] {
  const rows = everyProcess()
  const below = (parent: number): number[] =>
    rows
      .filter((row) => row.parent === parent && !row.isZombie)
      .flatMap((row) => [row.pid, ...below(row.pid)])
  return below(pid)
}

/**
 * Kills what a dead leader left in its group. nginx workers outlive a killed master and keep its ports, so no
 * successor could listen. The group's number is not given out again while one of them lives; a living process of
 * that number, or another boot, means that they are gone and the number is someone else's.
 */
export function killGroup(leader: Identity): void {
  if (identify(leader.pid) !== undefined || !leader.startedAt.startsWith(boot)) return
  for (const { pid, group, startedAt } of everyProcess()) {
    if (group === leader.pid) signal({ pid, startedAt }, 'SIGKILL')
  }
}

export const record = (file: string, { pid, startedAt }: Identity): void =>
  writeFileSync(file, `${pid} ${startedAt}\n`)

export function recorded(file: string): Identity | undefined {
  try {
    const [pid, ...startedAt] = readFileSync(file, 'utf8').trim().split(' ')
    return pid === undefined ? undefined : { pid: Number(pid), startedAt: startedAt.join(' ') }
  } catch {
    return undefined
  }
}

export const forget = (file: string): void => rmSync(file, { force: true })

const everyProcess = (): Row[] =>
  process.platform === 'linux'
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => fromProc(Number(name)))
        .filter((row) => row !== undefined)
    : fromPs(['-A'])

function fromProc(pid: number): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, second, may hold spaces and brackets: count from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, parent, group] = fields
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      isZombie: state === 'Z' || state === 'X',
      startedAt: `${boot}${fields[19]}`,
      ticks: Number(fields[11]) + Number(fields[12]),
    }
  } catch {
    return undefined
  }
}

const fromPs = (selection: readonly string[]): Row[] =>
  spawnSync('ps', [...selection, '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 4)
    .map(([pid, parent, group, state, ...startedAt]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      isZombie: state?.startsWith('Z') ?? false,
      startedAt: startedAt.join(' '),
    }))
