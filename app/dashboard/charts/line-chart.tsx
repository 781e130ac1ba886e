/** Lines over time: what uPlot draws, in the colours of the design, with a legend that listeners can read. */

import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import { useTheme } from '#dashboard/shell/theme.ts'
import css from './line-chart.module.css'
import { chartOptions } from './options.ts'

export interface Line {
  readonly name: string
  readonly colour: '--series-1' | '--series-2' | '--series-3' | '--bad' | '--warn'
  readonly values: readonly (number | null)[]
}

export interface LineChartProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string
  /** Unix seconds, one for each value. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  /** How a value reads: in the legend and at the axis. */
  readonly format: (value: number) => string
  /** Seconds shown. */
  readonly span?: number
  readonly height?: number
}

export function LineChart({ label, times, lines, format, span = 120, height = 180 }: LineChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const { theme } = useTheme()
  const isDark = useSystemDark()
  const shape = lines.map(({ name, colour }) => `${name}:${colour}`).join()

  // A chart is made once for its shape and colours; figures flow through setData below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and isDark change the colours that are read here
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const options = chartOptions({ element, lines, format, span, height, onPoint: setPointed })
    const made = new uPlot(options, [[], ...lines.map(() => [])], element)
    chart.current = made
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [shape, theme, isDark, span, height])

  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => [...values])])
  })

  return (
    <figure className={css.chart}>
      <figcaption className="spoken">{label}</figcaption>
      <ul className={css.legend}>
        {lines.map(({ name, colour, values }) => {
          const value = (pointed === null ? values.at(-1) : values[pointed]) ?? null
          return (
            <li key={name}>
              <span className={css.key} style={{ background: `var(${colour})` }} />
              {name}
              <strong>{value === null ? '–' : format(value)}</strong>
            </li>
          )
        })}
      </ul>
      <div ref={frame} className={css.frame} style={{ height }} aria-hidden="true" />
    </figure>
  )
}

/** Whether the system prefers dark now; it may change its mind in the evening. */
function useSystemDark(): boolean {
  const [isDark, setDark] = useState(() => darkQuery.matches)
  useEffect(() => {
    const change = (): void => setDark(darkQuery.matches)
    darkQuery.addEventListener('change', change)
    return () => darkQuery.removeEventListener('change', change)
  }, [])
  return isDark
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)')
