/** What tap's coverage report says of each layer, and whether the kernel is covered to the last branch. */

import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync } from 'oxc-parser'
import { root } from '#scripts/engine/layout.ts'

interface Part {
  readonly total: number
  readonly covered: number
  readonly pct: number
}

/** Istanbul's `json-summary`: by absolute path. */
export type CoverageSummary = Readonly<Record<string, Readonly<Record<Measure, Part>>>>

const measures = ['lines', 'branches', 'functions'] as const
type Measure = (typeof measures)[number]

export const readSummary = (): CoverageSummary =>
  JSON.parse(readFileSync(join(root, '.tap/report/coverage-summary.json'), 'utf8'))

/** One line for each kernel file below 100 %. A file that no test loads is not in the summary at all: it fails too. */
export function kernelGaps(
  summary: CoverageSummary,
  kernelFiles = runtimeFiles('app/kernel/**/*.ts'),
): string[] {
  if (kernelFiles.length === 0) return ['no kernel file was found']
  return kernelFiles.flatMap((file) => {
    const covered = summary[join(root, file)]
    if (covered === undefined) return [`${file}: no test loads it`]
    const gaps = measures.filter((measure) => covered[measure].pct < 100)
    return gaps.length === 0
      ? []
      : [`${file}: ${gaps.map((gap) => `${gap} ${covered[gap].pct} %`).join(', ')}`]
  })
}

/** One line per layer, of the files that tests load. */
export function coverageTable(summary: CoverageSummary): string[] {
  const layers = new Map<string, Record<Measure, Part>[]>()
  for (const [path, parts] of Object.entries(summary)) {
    const [top, layer] = relative(root, path).split('/')
    if (top !== 'app' || layer === undefined) continue
    const name = layer.endsWith('.ts') ? 'app' : `app/${layer}`
    layers.set(name, [...(layers.get(name) ?? []), parts])
  }
  return [...layers]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, files]) => {
      const shares = measures.map((measure) => `${measure} ${share(files.map((file) => file[measure]))} %`)
      return `${name.padEnd(14)} ${shares.join('   ')}`
    })
}

function share(parts: readonly Part[]): string {
  const total = parts.reduce((sum, part) => sum + part.total, 0)
  const covered = parts.reduce((sum, part) => sum + part.covered, 0)
  return (total === 0 ? 100 : (100 * covered) / total).toFixed(1)
}

const runtimeFiles = (pattern: string): string[] => globSync(pattern, { cwd: root }).filter(hasCode).sort()

/** Files of nothing but types are gone once stripped, so no run can cover them. */
function hasCode(file: string): boolean {
  const { program } = parseSync(file, readFileSync(join(root, file), 'utf8'))
  return program.body.some(
    (statement) =>
      !statement.type.startsWith('TS') &&
      !('importKind' in statement && statement.importKind === 'type') &&
      !('exportKind' in statement && statement.exportKind === 'type'),
  )
}
