/** Where the time of slow and failed requests went, from the recent memory of every replica. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { Badge, Status } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Filters, SelectField } from '#dashboard/components/field.tsx'
import { Card, Page } from '#dashboard/components/layout.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useFilters } from '#dashboard/shell/location.ts'
import { type Trace, TraceDialog } from './trace-dialog.tsx'

const columns = (open: (trace: Trace) => void): readonly Column<Trace>[] => [
  { name: 'When', cell: ({ time }) => <Ago time={time} /> },
  {
    name: 'Request',
    cell: (trace) => (
      <Opener onOpen={() => open(trace)}>
        {trace.method} {trace.route}
      </Opener>
    ),
  },
  { name: 'Status', cell: ({ status }) => <Status status={status} /> },
  { name: 'Took', isNumber: true, cell: ({ ms }) => duration(ms) },
  { name: 'Replica', cell: ({ instanceId }) => instanceId },
  { name: 'Kept', cell: ({ because }) => <Badge>{because}</Badge> },
]

const statuses = [
  { value: '', label: 'Any' },
  { value: '5xx', label: '5xx: failed' },
  { value: '4xx', label: '4xx: refused' },
  { value: '2xx', label: '2xx: done' },
] as const

const durations = [
  { value: '', label: 'Any' },
  { value: '100', label: '100 ms or more' },
  { value: '500', label: '500 ms or more' },
  { value: '2000', label: '2 s or more' },
] as const

export default function Traces() {
  const [filters, change] = useFilters(['status', 'minMs', 'trace'])
  const [opened, open] = useState<Trace>()
  const { status, minMs, trace: asked } = filters
  const list = useQuery({
    queryKey: ['traces', 'list', status, minMs],
    queryFn: () =>
      answered(
        api.GET('/api/v1/admin/traces', {
          params: {
            query: { ...(status !== '' && { status }), ...(minMs !== '' && { minMs: Number(minMs) }) },
          },
        }),
      ),
  })
  // A link from a request names its trace.
  const linked = useQuery({
    queryKey: ['traces', asked],
    queryFn: () =>
      answered(api.GET('/api/v1/admin/traces/{traceId}', { params: { path: { traceId: asked } } })),
    enabled: asked !== '',
    retry: false,
  })
  const shown = opened ?? (asked === '' ? undefined : linked.data?.data[0])
  const close = (): void => {
    open(undefined)
    if (asked !== '') change({ trace: '' })
  }
  return (
    <Page
      title="Traces"
      about="Failed and slow requests are always kept, others by a sample; each replica remembers the latest."
      actions={
        <Button icon="refresh" isBusy={list.isFetching} onClick={() => list.refetch()}>
          Refresh
        </Button>
      }
    >
      <Filters>
        <SelectField
          label="Status"
          options={statuses}
          value={status}
          onChange={({ target }) => change({ status: target.value })}
        />
        <SelectField
          label="Took"
          options={durations}
          value={minMs}
          onChange={({ target }) => change({ minMs: target.value })}
        />
      </Filters>
      {asked !== '' && linked.error && <Empty icon="traces" title="That trace is no longer remembered" />}
      <Card isFlush>
        <Table
          label="Traces"
          columns={columns(open)}
          rows={list.data?.data}
          keyOf={({ traceId, instanceId, time }) => `${traceId} ${instanceId} ${time}`}
          error={list.error}
          retry={() => void list.refetch()}
          onOpen={open}
          empty={
            <Empty icon="traces" title="Nothing slow, nothing failed">
              That is the usual state of things.
            </Empty>
          }
        />
      </Card>
      {shown && <TraceDialog trace={shown} onClose={close} />}
    </Page>
  )
}
