/** A small line beside a figure: which way it went. Decoration, since the figure is there. */

import css from './spark.module.css'

interface SparkProps {
  readonly values: readonly number[]
  readonly colour?: '--series-1' | '--series-2' | '--bad'
}

export function Spark({ values, colour = '--series-1' }: SparkProps) {
  const top = Math.max(1, ...values)
  const step = 100 / Math.max(1, values.length - 1)
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(30 - (value / top) * 28).toFixed(1)}`,
  )
  return (
    <svg className={css.spark} viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} stroke={`var(${colour})`} />
    </svg>
  )
}
