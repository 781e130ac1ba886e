/** Circuit breakers: their state at each replica, and forcing one for a while. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BreakerReport, SystemPicture } from '#client/index.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { Badge, State } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Card, Page } from '#dashboard/components/layout.tsx'
import { count } from '#dashboard/components/numbers.ts'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import type { Tone } from '#dashboard/components/tone.ts'
import { ChangeList } from '#dashboard/live/change-list.tsx'
import { isAlive } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'
import { useMay } from '#dashboard/session/session.ts'
import { ForceDialog } from './force-dialog.tsx'

export default function Breakers() {
  const picture = useLive((live) => live.picture)
  const [forced, setForced] = useState<BreakerReport>()
  const mayForce = useMay('admin:write')
  const { data, error, refetch } = useQuery({
    // Asked again when a state changes anywhere: the stream tells that, not the counts.
    queryKey: ['circuit-breakers', statesOf(picture)],
    queryFn: () => answered(api.GET('/api/v1/admin/circuit-breakers')),
    placeholderData: (before) => before,
  })
  const columns: readonly Column<BreakerReport>[] = [
    { name: 'Breaker', cell: ({ name, forced }) => <Name name={name} forced={forced} /> },
    ...(picture?.replicas ?? []).filter(isAlive).map(({ instanceId, breakers }) => ({
      name: instanceId,
      cell: ({ name }: BreakerReport) => <BreakerState state={breakers[name] ?? 'unknown'} />,
    })),
    {
      name: 'Calls',
      isNumber: true,
      cell: ({ successes, failures, timeouts }) => count(successes + failures + timeouts),
    },
    { name: 'Failed', isNumber: true, cell: ({ failures }) => count(failures) },
    { name: 'Too slow', isNumber: true, cell: ({ timeouts }) => count(timeouts) },
    { name: 'Kept away', isNumber: true, cell: ({ rejections }) => count(rejections) },
    {
      name: 'Change',
      isActions: true,
      cell: (breaker) =>
        mayForce && (
          <Button onClick={() => setForced(breaker)} aria-label={`Force ${breaker.name}`}>
            Force
          </Button>
        ),
    },
  ]
  return (
    <Page
      title="Circuit breakers"
      about="Open: calls are refused at once, so that what is in trouble can recover. Each replica has its own; forcing one holds for all."
    >
      <Card title="State" about={data && `Counts are of ${data.instanceId}, over ten seconds.`} isFlush>
        <Table
          label="Circuit breakers"
          columns={columns}
          rows={data?.breakers}
          keyOf={({ name }) => name}
          error={error}
          retry={refetch}
          empty={<Empty icon="breakers" title="No breakers" />}
        />
      </Card>
      <ChangeList />
      {forced && <ForceDialog breaker={forced} onClose={() => setForced(undefined)} />}
    </Page>
  )
}

const Name = ({ name, forced }: Pick<BreakerReport, 'name' | 'forced'>) => (
  <>
    {name} {forced !== 'auto' && <Badge tone="accent">forced {forced}</Badge>}
  </>
)

const tones: Readonly<Record<string, Tone>> = { closed: 'good', open: 'bad', 'half-open': 'warn' }

const BreakerState = ({ state }: { readonly state: string }) => (
  <State tone={tones[state] ?? 'none'}>{state}</State>
)

const statesOf = (picture: SystemPicture | undefined): string =>
  (picture?.replicas ?? []).map(({ breakers }) => Object.values(breakers).join()).join(';')
