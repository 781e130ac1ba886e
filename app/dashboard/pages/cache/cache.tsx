/** The cache: how often it had the answer, over two minutes and since the start; and forgetting it all. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { answered, api } from '#dashboard/api/api.ts'
import { LineChart } from '#dashboard/charts/line-chart.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { confirm } from '#dashboard/components/confirm.tsx'
import { Card, Figure, Figures, Page } from '#dashboard/components/layout.tsx'
import { bytes, count, share } from '#dashboard/components/numbers.ts'
import { toast } from '#dashboard/components/toast.tsx'
import { sumOf } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'
import { WithPicture } from '#dashboard/live/waiting.tsx'
import { useMay } from '#dashboard/session/session.ts'
import { Kinds } from './kinds.tsx'
import { ratesOf } from './rates.ts'

export default function Cache() {
  const history = useLive((live) => live.history)
  const rates = ratesOf(history)
  const report = useQuery({
    queryKey: ['cache'],
    queryFn: () => answered(api.GET('/api/v1/admin/cache')),
    // By kind, the stream does not tell.
    refetchInterval: 10_000,
  })
  return (
    <Page
      title="Cache"
      about="Answers kept by the replicas and in Redis. A write voids what it changes before it is acknowledged."
      actions={<Clear />}
    >
      <WithPicture>
        {(picture) => {
          const hits = sumOf(picture, ({ cache }) => cache.hits + cache.stale)
          const reads = hits + sumOf(picture, ({ cache }) => cache.misses)
          return (
            <>
              <Figures>
                <Figure label="Hit ratio, two minutes" value={share(rates.hits, rates.hits + rates.misses)} />
                <Figure
                  label="Hit ratio, since the start"
                  value={share(hits, reads)}
                  note={`${count(reads)} reads`}
                />
                <Figure
                  label="Served stale"
                  value={count(sumOf(picture, ({ cache }) => cache.stale))}
                  note="while a newer one was fetched"
                />
                <Figure
                  label="In memory"
                  value={bytes(sumOf(picture, ({ cache }) => cache.bytes))}
                  note={`${count(sumOf(picture, ({ cache }) => cache.entries))} answers`}
                />
              </Figures>
              <Card title="Reads a second">
                <LineChart
                  label="Cache hits and misses a second over the last two minutes"
                  times={rates.times}
                  format={count}
                  lines={[
                    { name: 'Hits', colour: '--series-1', values: rates.hitsPerSecond },
                    { name: 'Misses', colour: '--series-3', values: rates.missesPerSecond },
                  ]}
                />
              </Card>
            </>
          )
        }}
      </WithPicture>
      <Kinds report={report.data} error={report.error} retry={() => void report.refetch()} />
    </Page>
  )
}

function Clear() {
  const clear = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/admin/cache/clear')),
    onSuccess: () => toast.done('The cache is empty'),
    onError: toast.failed,
  })
  if (!useMay('admin:write')) return null
  return (
    <Button
      icon="trash"
      isBusy={clear.isPending}
      onClick={async () => {
        const isSure = await confirm({
          title: 'Clear the cache?',
          text: 'Every replica forgets every answer. Nothing is lost, but Postgres answers all reads until the cache is warm again.',
          verb: 'Clear',
        })
        if (isSure) clear.mutate()
      }}
    >
      Clear
    </Button>
  )
}
