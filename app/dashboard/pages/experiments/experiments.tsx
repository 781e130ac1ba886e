/** Break something and watch the promises hold. */

import { LineChart } from '#dashboard/charts/line-chart.tsx'
import { Card, Figure, Figures, Grid, Page } from '#dashboard/components/layout.tsx'
import { count, duration } from '#dashboard/components/numbers.ts'
import { ChangeList } from '#dashboard/live/change-list.tsx'
import { sumOf, timesOf } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'
import { Burst } from './burst-card.tsx'
import { Crash } from './crash-card.tsx'
import { CutRedis } from './cut-redis-card.tsx'
import { Flood } from './flood-card.tsx'
import { useExperiment } from './use-experiment.ts'

export default function Experiments() {
  return (
    <Page
      title="Experiments"
      about="Break something and watch the promises hold. Only in demo mode; every experiment ends by itself and is in the audit trail."
    >
      <Reader />
      <Grid minWidth="28rem">
        <Crash />
        <Burst />
        <CutRedis />
        <Flood />
      </Grid>
      <Grid minWidth="28rem">
        <WhatHappens />
        <ChangeList />
      </Grid>
    </Page>
  )
}

function Reader() {
  const { seen } = useExperiment()
  return (
    <Figures>
      <Figure label="Reads answered meanwhile" value={count(seen.answered)} />
      <Figure label="Failed" value={count(seen.failed)} {...(seen.failed > 0 && { tone: 'bad' })} />
      <Figure label="Slowest" value={duration(seen.slowestMs)} />
      <Figure
        label="Answered by"
        value={seen.replicas.size}
        unit={seen.replicas.size === 1 ? 'replica' : 'replicas'}
      />
    </Figures>
  )
}

function WhatHappens() {
  const history = useLive((live) => live.history)
  return (
    <Card title="What the system does">
      <LineChart
        label="Requests, refusals, and requests that wait, over the last two minutes"
        times={timesOf(history)}
        format={count}
        lines={[
          {
            name: 'Requests/s',
            colour: '--series-1',
            values: history.map(({ totals }) => totals.requestsPerSecond),
          },
          {
            name: 'Refused/s',
            colour: '--warn',
            values: history.map(({ totals }) => totals.rejectedPerSecond),
          },
          { name: 'Errors/s', colour: '--bad', values: history.map(({ totals }) => totals.errorsPerSecond) },
          {
            name: 'Waiting',
            colour: '--series-2',
            values: history.map((picture) => sumOf(picture, ({ admission }) => admission.waiting)),
          },
        ]}
      />
    </Card>
  )
}
