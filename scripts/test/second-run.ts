/**
 * A second run for files that failed. Leases and timeouts of a few hundred milliseconds are what is tested here; on a
 * machine that stands still for longer they run out in tests that are about something else. A file that fails twice has
 * failed; one that passes alone is named as unsteady in the report, and is a defect of its test to be mended.
 */

import type { TapTally } from './tap.ts'

export type RunFiles = (files: readonly string[], isSecond: boolean) => Promise<TapTally>

/** More than these is no accident, neither in one run nor in all of a check. */
export const maxUnsteady = 5

/** What is to be said of files that passed only when they were alone; nothing without any. */
export function verdictOn(unsteady: readonly string[]): {
  readonly isTooMuch: boolean
  readonly lines: string[]
} {
  const isTooMuch = unsteady.length > maxUnsteady
  const count = unsteady.length === 1 ? '1 file' : `${unsteady.length} files`
  const closing = isTooMuch
    ? `${count} unsteady, more than ${maxUnsteady}: failed`
    : `${count} unsteady: passed at the second try only, to be mended (more than ${maxUnsteady} would fail)`
  const lines = unsteady.map((file) => `unsteady ${file}: failed beside others, passed alone`)
  return { isTooMuch, lines: unsteady.length === 0 ? [] : [...lines, closing] }
}

export function withSecondRun(run: RunFiles): RunFiles {
  return async (files) => {
    const first = await run(files, false)
    const { failedFiles } = first
    if (failedFiles.length === 0 || failedFiles.length > maxUnsteady) return first
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
