/** Resources: listed, filtered by type, made, changed and deleted through the public API. */

import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Page } from '#dashboard/components/layout.tsx'
import { orderOf, ordersBy, owners, useListFilters } from '#dashboard/components/list-filters.ts'
import { ListTable } from '#dashboard/components/list-table.tsx'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import type { Column } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useMe } from '#dashboard/session/session.ts'
import { type Resource, ResourceDialog } from './resource-dialog.tsx'

export default function Resources() {
  const { user } = useMe()
  const [asked, control] = useListFilters({ typed: ['type'], chosen: ['sort', 'whose'] })
  const [opened, open] = useState<number | 'new'>()
  const { type } = asked
  const sort = orderOf<'name'>(asked.sort)
  const isMine = asked.whose === 'mine'
  const list = useCursorList<Resource>(['resources', 'list', type, sort, isMine], (cursor) =>
    answered(
      api.GET('/api/v1/resources', {
        params: {
          query: {
            sort,
            ...(type !== '' && { type }),
            ...(isMine && { ownerId: user.id }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      }),
    ),
  )
  const columns: readonly Column<Resource>[] = [
    { name: 'Name', cell: ({ id, name }) => <Opener onOpen={() => open(id)}>{name}</Opener> },
    { name: 'Type', cell: (resource) => <Badge>{resource.type}</Badge> },
    { name: 'Owner', cell: ({ ownerId }) => (ownerId === user.id ? 'You' : `User ${ownerId}`) },
    { name: 'Changed', cell: ({ updatedAt }) => <Ago time={updatedAt} /> },
  ]
  return (
    <Page
      title="Resources"
      about="The pattern every resource of your own follows: one folder in app/modules."
      actions={
        <Button look="primary" icon="plus" onClick={() => open('new')}>
          New resource
        </Button>
      }
    >
      <Filters>
        <TextField label="Type" maxLength={50} placeholder="document" {...control('type')} />
        <SelectField label="Order" options={ordersBy('name', 'Name')} {...control('sort')} />
        <SelectField label="Whose" options={owners} {...control('whose')} />
      </Filters>
      <ListTable
        label="Resources"
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => open(id)}
        empty={
          type === '' && !isMine ? (
            <Empty
              icon="resources"
              title="No resources yet"
              action={<Button onClick={() => open('new')}>Make the first</Button>}
            />
          ) : (
            <Empty title="Nothing fits these filters">A type has to be written as it was given.</Empty>
          )
        }
      />
      {opened !== undefined && <ResourceDialog key={opened} id={opened} onClose={() => open(undefined)} />}
    </Page>
  )
}
