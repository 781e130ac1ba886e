/** Rate limits: the tiers, who spends most, and how often somebody was refused. */

import { useQuery } from '@tanstack/react-query'
import { answered, api } from '#dashboard/api/api.ts'
import { LineChart } from '#dashboard/charts/line-chart.tsx'
import { Card, Grid, Page } from '#dashboard/components/layout.tsx'
import { count } from '#dashboard/components/numbers.ts'
import { timesOf } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'
import { Policies } from './policies.tsx'
import { TopKeys } from './top-keys.tsx'

export default function Limits() {
  const history = useLive((live) => live.history)
  const { data, error, refetch } = useQuery({
    queryKey: ['rate-limits'],
    queryFn: () => answered(api.GET('/api/v1/admin/rate-limits')),
    // Who spends what, the stream does not tell.
    refetchInterval: 5_000,
  })
  const retry = (): void => void refetch()
  return (
    <Page
      title="Limits"
      about="Everyone spends from a bucket of their tier, shared by all replicas; an empty one answers 429."
    >
      <Card title="Refused a second">
        <LineChart
          label="Refused requests a second over the last two minutes"
          times={timesOf(history)}
          format={count}
          height={140}
          lines={[
            {
              name: 'Refused',
              colour: '--warn',
              values: history.map(({ totals }) => totals.rejectedPerSecond),
            },
          ]}
        />
      </Card>
      <Grid minWidth="28rem">
        <TopKeys report={data} error={error} retry={retry} />
        <Policies report={data} error={error} retry={retry} />
      </Grid>
    </Page>
  )
}
