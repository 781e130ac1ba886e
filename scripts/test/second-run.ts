/**
 * A second run for files that failed. Leases and timeouts of a few hundred milliseconds are what is tested here; on a
 * machine that stands still for longer they run out in tests that are about something else. A file that fails twice has
 * failed; one that passes alone is named as unsteady in the report, and is a defect of its test to be mended.
 */

import type { TapTally } from './tap.ts'

export type RunFiles = (files: readonly string[], isSecond: boolean) => Promise<TapTally>

/** More than these at once is no accident. */
const maxFiles = 3

export function withSecondRun(run: RunFiles): RunFiles {
  return async (files) => {
    const first = await run(files, false)
    const { failedFiles } = first
    if (failedFiles.length === 0 || failedFiles.length > maxFiles) return first
    const names = failedFiles.map(({ file }) => file)
    process.stdout.write(`again, alone: ${names.join(', ')}\n`)
    const second = await run(names, true)
    const failedAgain = new Set(second.failedFiles.map(({ file }) => file))
    const countedTwice = failedFiles.reduce((sum, { passed }) => sum + passed, 0)
    return {
      ...second,
      passed: first.passed - countedTwice + second.passed,
      skipped: first.skipped,
      unsteady: names.filter((file) => !failedAgain.has(file)),
    }
  }
}
