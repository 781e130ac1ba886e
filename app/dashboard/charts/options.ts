/** What uPlot is told: a canvas knows no stylesheet, so tokens are read as the colours they are now. */

import type uPlot from 'uplot'
import type { Line } from './line-chart.tsx'

interface Wanted {
  readonly element: HTMLElement
  readonly lines: readonly Line[]
  readonly format: (value: number) => string
  readonly span: number
  readonly height: number
  readonly onPoint: (index: number | null) => void
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** Two minutes hold no noon: the half of the day would only take the room of the figures. */
const clockTime = (seconds: number): string =>
  clock
    .formatToParts(seconds * 1_000)
    .filter(({ type }) => type !== 'dayPeriod')
    .map(({ value }) => value)
    .join('')
    .trim()

export function chartOptions({ element, lines, format, span, height, onPoint }: Wanted): uPlot.Options {
  const colour = (token: string): string => colourOf(element, token)
  const grid = { stroke: colour('--line'), width: 1 }
  const axis: uPlot.Axis = {
    stroke: colour('--text-muted'),
    font: `12px ${getComputedStyle(element).fontFamily}`,
    grid,
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, width: 2 } },
    scales: {
      x: { time: true, range: (_, min, max) => [Math.min(min, max - span), max] },
      // Never a flat line that looks like a summit: the axis starts at zero and has some height.
      y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.15)] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 90,
        grid: { show: false },
        values: (_, seconds) => seconds.map(clockTime),
      },
      { ...axis, size: 56, space: 36, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 1.75,
        points: { show: false },
        ...(lines.length === 1 && { fill: faint(colour(line.colour)) }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  }
}

/** light-dark() and var() resolved by the browser itself. */
function colourOf(element: HTMLElement, token: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${token})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const faint = (rgb: string): string => rgb.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.1)')
