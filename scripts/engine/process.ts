/** Starting one program, waiting until it answers, and ending it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from './engine-error.ts'

/** What to run; the user is given only when it must differ from ours. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly user?: OsUser
}

export interface OsUser {
  readonly uid: number
  readonly gid: number
}

/** @property detached - leads its own session, so that neither Ctrl-C nor the end of its parent reaches it */
export interface LaunchOptions {
  readonly logFile: string
  readonly detached: boolean
}

/** Output goes to the file itself, not through a pipe of ours: the program outlives us without losing a line. */
export function launch(command: Command, { logFile, detached }: LaunchOptions): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a')
  try {
    return spawn(command.program, command.args, {
      cwd: command.cwd ?? '/',
      env: command.env ?? process.env,
      stdio: ['ignore', log, log],
      detached,
      ...command.user,
    })
  } finally {
    closeSync(log)
  }
}

/**
 * Waits until `isReady` says so. @throws {EngineError} with the end of its log when the program ends first,
 * or when `timeoutMs` pass.
 */
export async function untilReady(
  child: ChildProcess,
  isReady: () => Promise<boolean>,
  { name, logFile, timeoutMs }: { name: string; logFile: string; timeoutMs: number },
): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new EngineError(`${name} did not start: ${error.message}`)))
    child.once('exit', (code, signal) =>
      reject(new EngineError(`${name} ended at start (${signal ?? code}): ${reasonIn(logFile)}`)),
    )
  })
  failed.catch(() => undefined)
  const deadline = performance.now() + timeoutMs
  while (!(await Promise.race([isReady(), failed]))) {
    if (performance.now() > deadline) {
      throw new EngineError(`${name} was not ready after ${timeoutMs} ms: ${reasonIn(logFile)}`)
    }
    await Promise.race([delay(25), failed])
  }
}

/** Sends `signal`, waits for the end, and kills what does not end within `timeoutMs`. */
export async function end(child: ChildProcess, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  await ended
  clearTimeout(killer)
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
  } catch {
    return ''
  }
}

/** The line of a log that says best why its program ended: the first error near its end, or the last line. */
export function reasonIn(file: string): string {
  const lines = lastLines(file, 30).split('\n')
  const reason =
    lines.find((line) => /error|fatal|panic|emerg|refused|cannot|failed/i.test(line)) ?? lines.at(-1)
  return `${reason?.trim() || 'it said nothing'} (${file})`
}
