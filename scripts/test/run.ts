/** One run of the tests: what they need is started once, every chosen file runs, everything is stopped again. */

import { messageOf } from '#scripts/engine/engine-error.ts'
import { startStack } from '#scripts/engine/stack.ts'
import { type Infrastructure, startInfrastructure } from '#tests/support/infrastructure.ts'
import { ownPortBase, stackVariable } from '#tests/support/stack-variable.ts'
import { type CoverageSummary, coverageTable, kernelGaps, readSummary } from './coverage.ts'
import { plan } from './groups.ts'
import { add, type FileReport, type Tally } from './report.ts'
import { type RunFiles, withSecondRun } from './second-run.ts'
import { runTap, type TapTally } from './tap.ts'

export interface RunOptions {
  /** Groups or files; empty for all. */
  readonly names: readonly string[]
  readonly hasCoverage: boolean
  /** System tests on the stack that already runs, instead of one of their own. */
  readonly usesRunningStack: boolean
  /** Files that fail run once more, alone: the report says which were unsteady. */
  readonly hasSecondRun: boolean
  readonly signal: AbortSignal
}

/** Prints one line per file, failures as they come, and resolves with the counts of tap's own report. */
export async function runTests(options: RunOptions): Promise<Tally> {
  const { names, hasCoverage, usesRunningStack, hasSecondRun, signal } = options
  const { parallel, system, needsInfrastructure } = plan(names)
  const again = (run: RunFiles): RunFiles => (hasSecondRun ? withSecondRun(run) : run)
  const tallies: Tally[] = []
  if (parallel.length > 0) {
    await using infrastructure = needsInfrastructure ? await startInfrastructure() : undefined
    const env = environmentOf(infrastructure)
    const run: RunFiles = (files, isSecond) => {
      const alone = isSecond ? { jobs: 1, hasCoverage: false } : { jobs: 2, hasCoverage }
      return runTap({ files, ...alone, env, onFile: print, signal })
    }
    tallies.push(await again(run)(parallel, false))
    if (hasCoverage) tallies.push(judgeCoverage(readSummary(), names.length === 0))
  }
  if (system.length > 0) {
    const run: RunFiles = (files) => runSystemTests(files, usesRunningStack, signal)
    tallies.push(await again(run)(system, false))
  }
  return add(tallies)
}

/** One file after the other: each may kill a part of the stack, and leaves it whole for the next. */
async function runSystemTests(
  files: readonly string[],
  usesRunningStack: boolean,
  signal: AbortSignal,
): Promise<TapTally> {
  const tap = { files, jobs: 1, hasCoverage: false, onFile: print, signal }
  if (usesRunningStack) return runTap({ ...tap, env: { [stackVariable]: 'running' } })
  try {
    const stack = await startStack({ portBase: ownPortBase() })
    try {
      return await runTap({ ...tap, env: { [stackVariable]: String(ownPortBase()) } })
    } finally {
      await stack.stop({ erase: true })
    }
  } catch (error) {
    if (signal.aborted) throw error
    process.stdout.write(`FAIL the stack for the system tests: ${messageOf(error)}\n`)
    return { passed: 0, failed: files.length, skipped: [], unsteady: [], failedFiles: [] }
  }
}

const environmentOf = (infrastructure: Infrastructure | undefined): Record<string, string> =>
  infrastructure === undefined
    ? {}
    : { TEST_TEMPLATE_URL: infrastructure.templateUrl, TEST_REDIS_URL: infrastructure.redisUrl }

function print({ file, passed, failed, skipped, ms, failures }: FileReport): void {
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped.length > 0 && `${skipped.length} skipped`,
  ]
  const line = `${failed === 0 ? 'ok  ' : 'FAIL'} ${file.padEnd(60)} ${counts.filter(Boolean).join(', ')}  ${Math.round(ms)} ms`
  process.stdout.write(`${line}\n`)
  for (const { test, detail } of failures) {
    process.stdout.write(`     ${test}\n${detail.replace(/^/gm, '       ')}\n`)
  }
}

/** Prints the table. The kernel is held to 100 %, where all tests ran: each file below it is one failure. */
function judgeCoverage(summary: CoverageSummary, isWhole: boolean): Tally {
  for (const line of coverageTable(summary)) process.stdout.write(`covered  ${line}\n`)
  const gaps = isWhole ? kernelGaps(summary) : []
  for (const gap of gaps) process.stdout.write(`FAIL kernel coverage: ${gap}\n`)
  return { passed: 0, failed: gaps.length, skipped: [], unsteady: [] }
}
