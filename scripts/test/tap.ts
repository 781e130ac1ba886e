/** Runs tap over files and follows its report while it is written. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '#scripts/engine/layout.ts'
import { add, type FileReport, reportParser, type Tally } from './report.ts'

export interface TapRun {
  readonly files: readonly string[]
  readonly jobs: number
  readonly hasCoverage: boolean
  /** What the test files find in their environment besides ours. */
  readonly env: Readonly<Record<string, string>>
  readonly onFile: (report: FileReport) => void
  readonly signal: AbortSignal
}

export interface TapTally extends Tally {
  /** With those that tap said nothing of; `passed` counts the tests in them that passed. */
  readonly failedFiles: readonly { readonly file: string; readonly passed: number }[]
}

const tap = join(root, 'node_modules', '.bin', 'tap')

/** A file that hangs is ended after this. The longest, of real processes and pages coming and going, take a third on a busy machine. */
const fileTimeoutSeconds = 300

/** The report as tap wrote it, for whoever wonders about ours. */
const copy = join(root, '.tap', 'report.tap')

export async function runTap({ files, jobs, hasCoverage, env, onFile, signal }: TapRun): Promise<TapTally> {
  mkdirSync(dirname(copy), { recursive: true })
  const coverage = hasCoverage
    ? ['--allow-incomplete-coverage', '--allow-empty-coverage', '--coverage-report=json-summary']
    : ['--disable-coverage', '--allow-empty-coverage']
  const child = spawn(
    process.execPath,
    [
      tap,
      'run',
      '--reporter=tap',
      `--timeout=${fileTimeoutSeconds}`,
      `--jobs=${jobs}`,
      ...coverage,
      ...files,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_ENV: 'test', ...env },
      signal,
    },
  )
  const ended: Promise<[number | null, string | null]> = once(child, 'close') as never
  const reports: FileReport[] = []
  child.stdout.pipe(createWriteStream(copy))
  child.stdout.pipe(
    reportParser((report) => {
      reports.push(report)
      onFile(report)
    }),
  )
  const [code, endedBy] = await ended
  const tally = withMissing(add(reports), { files, reports, code })
  const unreported = files.filter((file) => !reports.some((report) => report.file === file))
  if (tally.failed > add(reports).failed) {
    process.stderr.write(
      `tap ended with ${endedBy ?? code} and without a word on: ${unreported.join(', ')}\n`,
    )
  }
  const failed = reports.filter((report) => report.failed > 0)
  return { ...tally, failedFiles: [...failed, ...unreported.map((file) => ({ file, passed: 0 }))] }
}

interface Ending {
  readonly files: readonly string[]
  readonly reports: readonly FileReport[]
  readonly code: number | null
}

/** A report that is shorter than the plan, or kinder than tap's exit code, is itself a failure. */
export function withMissing(tally: Tally, { files, reports, code }: Ending): Tally {
  const unreported = files.length - reports.length
  const unexplained = unreported === 0 && tally.failed === 0 && code !== 0 ? 1 : 0
  return { ...tally, failed: tally.failed + unreported + unexplained }
}
