/** The request log, searched: errors and slow requests are always in it, successes by a sample under load. */

import { useState } from 'react'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Status } from '#dashboard/components/badge.tsx'
import { Button, ButtonLink } from '#dashboard/components/button.tsx'
import { useDebounced } from '#dashboard/components/debounced.ts'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Card, Facts, Page } from '#dashboard/components/layout.tsx'
import { More } from '#dashboard/components/more.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago, Exactly } from '#dashboard/components/time.tsx'
import { hrefOf, useFilters } from '#dashboard/shell/location.ts'

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
  const [filters, change] = useFilters(['minStatus', 'method', 'minMs', 'requestId'])
  const [opened, open] = useState<Logged>()
  const { minStatus, method, minMs } = filters
  const requestId = useDebounced(filters.requestId)
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
          value={filters.requestId}
          placeholder="as in X-Request-Id"
          spellCheck={false}
          onChange={({ target }) => change({ requestId: target.value.trim() })}
        />
        <SelectField
          label="Status"
          options={statuses}
          value={minStatus}
          onChange={({ target }) => change({ minStatus: target.value })}
        />
        <SelectField
          label="Method"
          options={methods}
          value={method}
          onChange={({ target }) => change({ method: target.value })}
        />
        <TextField
          label="At least, in ms"
          type="number"
          min={0}
          value={minMs}
          onChange={({ target }) => change({ minMs: target.value })}
        />
      </Filters>
      <Card isFlush>
        <Table
          label="Requests"
          columns={columns(open)}
          rows={list.rows}
          keyOf={({ id }) => id}
          error={list.error}
          retry={list.retry}
          onOpen={open}
          empty={<Empty icon="requests" title="No request fits these filters" />}
        />
        <More {...list} />
      </Card>
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
