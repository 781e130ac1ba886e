/** The figures as a table for a terminal, as Markdown, and as JSON for programs. */

import type { Result } from './row.ts'

type Outcome = 'pass' | 'miss' | '-'

const outcomeOf = ({ ratio, goal }: Result): Outcome =>
  goal === undefined ? '-' : ratio <= goal ? 'pass' : 'miss'

const number = (value: number | undefined, digits: number): string =>
  value === undefined || Number.isNaN(value) ? '' : value.toFixed(digits)

const headings = [
  'row',
  'ratio',
  'goal',
  '',
  'CPU µs',
  'floor µs',
  'req/s',
  'p50 ms',
  'p99 ms',
  'Redis calls',
]

const cells = (result: Result): string[] => [
  result.name,
  number(result.ratio, result.ratio < 0.1 ? 4 : 3),
  result.goal === undefined ? '' : String(result.goal),
  outcomeOf(result),
  number(result.cpuMicros, 1),
  number(result.floorCpuMicros, 1),
  number(result.rps, 0),
  number(result.p50Ms, 1),
  number(result.p99Ms, 1),
  number(result.redisCallsPerRequest, 4),
]

export function terminalTable(results: readonly Result[]): string {
  const lines = [headings, ...results.map(cells)]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

export function markdownTable(results: readonly Result[]): string {
  const line = (of: readonly string[]) => `| ${of.join(' | ')} |`
  const withWork = (result: Result) => {
    const [name = '', ...figures] = cells(result)
    const work = result.note === undefined ? result.work : `${result.work}; ${result.note}`
    return line([`\`${name}\``, work, ...figures])
  }
  const [first = '', ...others] = headings
  return [
    line([first, 'work', ...others]),
    line(['---', '---', ...others.map(() => '---:')]),
    ...results.map(withWork),
  ].join('\n')
}

/** `{ name: { ratio, goal, cpuMicros, … } }` in one line. */
export const json = (results: readonly Result[]): string =>
  JSON.stringify(Object.fromEntries(results.map(({ name, work: _, ...figures }) => [name, figures])))
