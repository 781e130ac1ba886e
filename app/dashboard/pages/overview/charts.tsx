/** Rate, refusals and latency of the last two minutes. */

import { LineChart } from '#dashboard/charts/line-chart.tsx'
import { Card, Grid } from '#dashboard/components/layout.tsx'
import { count, duration } from '#dashboard/components/numbers.ts'
import { timesOf } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'

export function Charts() {
  const history = useLive((live) => live.history)
  const times = timesOf(history)
  const line = (figure: keyof (typeof history)[number]['totals']) =>
    history.map(({ totals }) => totals[figure])
  return (
    <Grid minWidth="28rem">
      <Card title="Requests a second">
        <LineChart
          label="Requests, refusals and errors a second over the last two minutes"
          times={times}
          format={count}
          lines={[
            { name: 'Requests', colour: '--series-1', values: line('requestsPerSecond') },
            { name: 'Refused', colour: '--warn', values: line('rejectedPerSecond') },
            { name: 'Errors', colour: '--bad', values: line('errorsPerSecond') },
          ]}
        />
      </Card>
      <Card title="Time to answer">
        <LineChart
          label="Median and 99th percentile of the time to answer over the last two minutes"
          times={times}
          format={duration}
          lines={[
            { name: 'Median', colour: '--series-1', values: line('p50Ms') },
            { name: '99th percentile', colour: '--series-2', values: line('p99Ms') },
          ]}
        />
      </Card>
    </Grid>
  )
}
