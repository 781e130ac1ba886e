/** The goals as a chart: how far each row's ratio is from its goal. Plain SVG, readable on light and dark pages. */

import type { Result } from './row.ts'

const [width, left, right, rowHeight, top] = [760, 150, 130, 30, 44]
/** Where a bar ends: three times the goal. What is beyond is cut and shows its figure. */
const mostTimesGoal = 3

const colours = { pass: '#2e9e6b', miss: '#d9822b', goal: '#8a94a6', text: '#6b7688' }

export function chart(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.goal === undefined ? [] : [{ ...result, goal: result.goal }],
  )
  const scale = (width - left - right) / mostTimesGoal
  const height = top + rows.length * rowHeight + 12
  const goalX = left + scale
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Ratio of each row in relation to its goal">`,
    `<text x="${goalX}" y="18" fill="${colours.text}" text-anchor="middle">goal</text>`,
    `<text x="${left + 2 * scale}" y="18" fill="${colours.text}" text-anchor="middle">2 × goal</text>`,
    ...rows.map((row, index) => bar(row, top + index * rowHeight, scale)),
    `<line x1="${goalX}" x2="${goalX}" y1="26" y2="${height - 8}" stroke="${colours.goal}" stroke-dasharray="4 3"/>`,
    '</svg>\n',
  ].join('\n')
}

function bar(row: Result & { goal: number }, y: number, scale: number): string {
  const length = Math.max(2, Math.min(mostTimesGoal, row.ratio / row.goal) * scale)
  const colour = row.ratio <= row.goal ? colours.pass : colours.miss
  const figure = `${row.ratio.toFixed(row.ratio < 0.1 ? 4 : 2)} (goal ${row.goal})`
  return [
    `<text x="${left - 10}" y="${y + 15}" fill="${colours.text}" text-anchor="end">${row.name}</text>`,
    `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3" fill="${colour}"/>`,
    `<text x="${(left + length + 8).toFixed(1)}" y="${y + 15}" fill="${colours.text}">${figure}</text>`,
  ].join('\n')
}
