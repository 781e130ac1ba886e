/** One run of the tests: what they need is started once, every chosen file runs, everything is stopped again. */

import { messageOf } from '#scripts/engine/engine-error.ts'
import { startStack } from '#scripts/engine/stack.ts'
import { type Infrastructure, startInfrastructure } from '#tests/support/infrastructure.ts'
import { ownPortBase, stackVariable } from '#tests/support/stack-variable.ts'
import { type CoverageSummary, coverageTable, kernelGaps, readSummary } from './coverage.ts'
import { plan } from './groups.ts'
import { add, type FileReport, type Tally } from './report.ts'
import { runTap } from './tap.ts'

export interface RunOptions {
  /** Groups or files; empty for all. */
  readonly names: readonly string[]
  readonly hasCoverage: boolean
  /** System tests on the stack that already runs, instead of one of their own. */
  readonly usesRunningStack: boolean
  readonly signal: AbortSignal
}

/** Prints one line per file, failures as they come, and resolves with the counts of tap's own report. */
export async function runTests({ names, hasCoverage, usesRunningStack, signal }: RunOptions): Promise<Tally> {
  const { parallel, system, needsInfrastructure } = plan(names)
  const tallies: Tally[] = []
  if (parallel.length > 0) {
    await using infrastructure = needsInfrastructure ? await startInfrastructure() : undefined
    const env = environmentOf(infrastructure)
    tallies.push(await runTap({ files: parallel, jobs: 2, hasCoverage, env, onFile: print, signal }))
    if (hasCoverage) tallies.push(judgeCoverage(readSummary(), names.length === 0))
  }
  if (system.length > 0) tallies.push(await runSystemTests(system, usesRunningStack, signal))
  return add(tallies)
}

/** One file after the other: each may kill a part of the stack, and leaves it whole for the next. */
async function runSystemTests(
  files: readonly string[],
  usesRunningStack: boolean,
  signal: AbortSignal,
): Promise<Tally> {
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
    return { passed: 0, failed: files.length, skipped: [] }
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
  return { passed: 0, failed: gaps.length, skipped: [] }
}
