/** The request log, searched: errors and slow requests are always in it, successes by a sample under load. */

import { useState } from 'react'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Status } from '#dashboard/components/badge.tsx'
import { Button, ButtonLink } from '#dashboard/components/button.tsx'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Facts, Page } from '#dashboard/components/layout.tsx'
import { useListFilters } from '#dashboard/components/list-filters.ts'
import { ListTable } from '#dashboard/components/list-table.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import type { Column } from '#dashboard/components/table.tsx'
import { Ago, Exactly } from '#dashboard/components/time.tsx'
import { hrefOf } from '#dashboard/shell/location.ts'

type Logged = components['schemas']['LoggedRequest']

const statuses = [
  { value: '', label: 'Any' },
  { value: '400', label: '400 and above' },
  { value: '500', label: '500 and above' },
] as const

const methods = ['', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
  value: method,
  label: method || 'Any',
}))

const columns = (open: (logged: Logged) => void): readonly Column<Logged>[] => [
  { name: 'When', cell: ({ time }) => <Ago time={time} /> },
  {
    name: 'Request',
    cell: (logged) => (
      <Opener onOpen={() => open(logged)}>
        {logged.method} {logged.path}
      </Opener>
    ),
  },
  { name: 'Status', cell: ({ status }) => <Status status={status} /> },
  { name: 'Took', isNumber: true, cell: ({ ms }) => duration(ms) },
  { name: 'Who', cell: ({ principal, address }) => principal || address },
  { name: 'Replica', cell: ({ instanceId }) => instanceId },
]

export default function Requests() {
  const [{ minStatus, method, minMs, requestId }, control] = useListFilters({
    typed: ['requestId', 'minMs'],
    chosen: ['minStatus', 'method'],
  })
  const [opened, open] = useState<Logged>()
  const list = useCursorList<Logged>(['requests', minStatus, method, minMs, requestId], (cursor) =>
    answered(
      api.GET('/api/v1/admin/requests', {
        params: {
          query: {
            limit: 50,
            ...(minStatus !== '' && { minStatus: Number(minStatus) }),
            ...(method !== '' && { method }),
            ...(minMs !== '' && { minMs: Number(minMs) }),
            ...(requestId !== '' && { requestId }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      }),
    ),
  )
  return (
    <Page
      title="Requests"
      about="Written a moment after they are answered. What is here stands for more under load: see the weight."
      actions={
        <Button icon="refresh" onClick={list.retry}>
          Refresh
        </Button>
      }
    >
      <Filters>
        <TextField
          label="Request id"
          placeholder="as in X-Request-Id"
          spellCheck={false}
          {...control('requestId')}
        />
        <SelectField label="Status" options={statuses} {...control('minStatus')} />
        <SelectField label="Method" options={methods} {...control('method')} />
        <TextField label="At least, in ms" type="number" min={0} {...control('minMs')} />
      </Filters>
      <ListTable
        label="Requests"
        list={list}
        columns={columns(open)}
        keyOf={({ id }) => id}
        onOpen={open}
        empty={<Empty icon="requests" title="No request fits these filters" />}
      />
      {opened && <RequestDialog logged={opened} onClose={() => open(undefined)} />}
    </Page>
  )
}

const RequestDialog = ({ logged, onClose }: { readonly logged: Logged; readonly onClose: () => void }) => (
  <Dialog
    title={`${logged.method} ${logged.path}`}
    place="side"
    onClose={onClose}
    actions={
      <ButtonLink icon="traces" href={hrefOf('/traces', { trace: logged.traceId })}>
        Its trace
      </ButtonLink>
    }
  >
    <Facts
      facts={[
        ['Status', logged.errorCode === null ? logged.status : `${logged.status}, ${logged.errorCode}`],
        ['Took', duration(logged.ms)],
        ['When', <Exactly key="when" time={logged.time} />],
        ['Route', <code key="route">{logged.route}</code>],
        ['Who', logged.principal || 'nobody known'],
        ['Tier', logged.tier],
        ['From', logged.address],
        ['Replica', logged.instanceId],
        ['Stands for', logged.weight === 1 ? 'itself' : `${logged.weight} requests`],
        ['Request', <code key="request">{logged.requestId}</code>],
        ['Trace', <code key="trace">{logged.traceId}</code>],
      ]}
    />
  </Dialog>
)
