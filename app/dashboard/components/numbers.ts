/** Figures as a person reads them, in the reader's own notation. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const one = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

/** 3, 12.4, 1,234, 56.2K */
export function count(value: number): string {
  if (value >= 10_000) return compact.format(value)
  return value < 100 ? one.format(value) : whole.format(value)
}

export const share = (part: number, total: number): string =>
  total === 0 ? '–' : percent.format(part / total)

/** 0.4 ms, 12 ms, 1.2 s */
export function duration(ms: number): string {
  if (ms >= 999.5) return `${one.format(ms / 1_000)} s`
  return `${ms < 10 ? one.format(ms) : whole.format(ms)} ms`
}

/** 812 kB, 64.2 MB, 177 MB */
export function bytes(value: number): string {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = value < 1 ? 0 : Math.min(steps.length - 1, Math.floor(Math.log(value) / Math.log(1_000)))
  const figure = value / 1_000 ** step
  return `${(figure < 100 ? one : whole).format(figure)} ${steps[step]}`
}

/** Money as the API keeps it. No currency: Sluice knows none. */
export const price = (cents: number): string =>
  new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(cents / 100)
