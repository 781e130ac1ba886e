/** The audit trail: who did what to what, and what was refused. Nobody can change it, the application included. */

import { useState } from 'react'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Facts, Page } from '#dashboard/components/layout.tsx'
import { useListFilters } from '#dashboard/components/list-filters.ts'
import { ListTable } from '#dashboard/components/list-table.tsx'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import type { Column } from '#dashboard/components/table.tsx'
import { Ago, Exactly } from '#dashboard/components/time.tsx'

type Entry = components['schemas']['AuditEntry']

const outcomes = [
  { value: '', label: 'Any' },
  { value: 'done', label: 'done' },
  { value: 'refused', label: 'refused' },
] as const

export default function Audit() {
  const [asked, control] = useListFilters({ typed: ['action', 'target'], chosen: ['outcome'] })
  const [opened, open] = useState<Entry>()
  const { action, target } = asked
  const outcome = asked.outcome as 'done' | 'refused' | ''
  const list = useCursorList<Entry>(['audit', action, target, outcome], (cursor) =>
    answered(
      api.GET('/api/v1/admin/audit', {
        params: {
          query: {
            sort: '-createdAt',
            ...(action !== '' && { action }),
            ...(target !== '' && { target }),
            ...(outcome !== '' && { outcome }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      }),
    ),
  )
  const columns: readonly Column<Entry>[] = [
    { name: 'When', cell: ({ createdAt }) => <Ago time={createdAt} /> },
    { name: 'What', cell: (entry) => <Opener onOpen={() => open(entry)}>{entry.action}</Opener> },
    { name: 'To what', cell: (entry) => <code>{entry.target}</code> },
    { name: 'Who', cell: whoOf },
    {
      name: 'Outcome',
      cell: (entry) => <Badge tone={entry.outcome === 'done' ? 'good' : 'warn'}>{entry.outcome}</Badge>,
    },
  ]
  return (
    <Page title="Audit" about="Written in the same transaction as what it tells of.">
      <Filters>
        <TextField label="Action" placeholder="users.close" {...control('action')} />
        <TextField label="Target" placeholder="user:7" {...control('target')} />
        <SelectField label="Outcome" options={outcomes} {...control('outcome')} />
      </Filters>
      <ListTable
        label="Audit trail"
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={open}
        empty={
          <Empty icon="audit" title="Nothing happened that fits">
            Actions and targets have to be written whole.
          </Empty>
        }
      />
      {opened && (
        <Dialog title={opened.action} place="side" onClose={() => open(undefined)}>
          <Facts
            facts={[
              ['When', <Exactly key="when" time={opened.createdAt} />],
              ['Who', whoOf(opened)],
              ['From', opened.address],
              ['To what', <code key="target">{opened.target}</code>],
              ['Outcome', opened.outcome],
              ['Request', <code key="request">{opened.requestId}</code>],
              ['Details', <code key="details">{JSON.stringify(opened.details)}</code>],
            ]}
          />
        </Dialog>
      )}
    </Page>
  )
}

const whoOf = ({ actorId, actorKind, credentialId }: Entry): string =>
  actorId === null
    ? actorKind
    : `User ${actorId}${credentialId === null || actorKind === 'anonymous' ? '' : ` by ${actorKind} ${credentialId}`}`
