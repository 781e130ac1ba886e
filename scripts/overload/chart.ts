/** The chart of docs/overload.md. */

import type { Step } from './goodput.ts'

export function chart(steps: readonly Step[], capacity: number): string {
  const top = Math.max(capacity, ...steps.map(({ goodPerSecond }) => goodPerSecond))
  const x = (factor: number): number => 50 + factor * 80
  const y = (perSecond: number): number => 220 - (perSecond / top) * 170
  const line = steps
    .map(({ factor, goodPerSecond }) => `${x(factor)},${y(goodPerSecond).toFixed(1)}`)
    .join(' ')
  const marks = steps.map(({ factor }) => `<text x="${x(factor)}" y="240">${factor}x</text>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 260" font-family="sans-serif" font-size="12" text-anchor="middle">
<title>Goodput against offered load</title><path d="M50 20V220H480" fill="none" stroke="#888"/>${marks}
<path d="M50 ${y(capacity).toFixed(1)}H480" stroke="#bbb" stroke-dasharray="4"/><text x="90" y="${(y(capacity) - 6).toFixed(1)}">capacity</text>
<text x="44" y="${y(top).toFixed(1)}" text-anchor="end">${top.toFixed(0)}</text>
<polyline points="${line}" fill="none" stroke="#06c" stroke-width="2"/></svg>\n`
}
