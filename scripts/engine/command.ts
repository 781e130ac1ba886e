/** What every script of ours does at its edges: one line for a person's mistake, a stack trace for ours. */

import { EngineError } from './engine-error.ts'

export async function command(work: () => Promise<void>): Promise<void> {
  // Whoever read our output may leave (`make status | head -3`); the work goes on.
  process.stdout.on('error', () => undefined)
  try {
    await work()
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}
