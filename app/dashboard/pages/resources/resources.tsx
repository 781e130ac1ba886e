/** Resources: listed, filtered by type, made, changed and deleted through the public API. */

import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { useDebounced } from '#dashboard/components/debounced.ts'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Card, Page } from '#dashboard/components/layout.tsx'
import { More } from '#dashboard/components/more.tsx'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useMe } from '#dashboard/session/session.ts'
import { useFilters } from '#dashboard/shell/location.ts'
import { type Resource, ResourceDialog } from './resource-dialog.tsx'

const sorts = [
  { value: '-createdAt', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: 'name', label: 'Name, A to Z' },
  { value: '-name', label: 'Name, Z to A' },
] as const

type Sort = (typeof sorts)[number]['value']

export default function Resources() {
  const { user } = useMe()
  const [filters, change] = useFilters(['type', 'sort', 'whose'])
  const [opened, open] = useState<number | 'new'>()
  const type = useDebounced(filters.type)
  const sort = (filters.sort || '-createdAt') as Sort
  const isMine = filters.whose === 'mine'
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
        <TextField
          label="Type"
          value={filters.type}
          maxLength={50}
          placeholder="document"
          onChange={({ target }) => change({ type: target.value })}
        />
        <SelectField
          label="Order"
          options={sorts}
          value={sort}
          onChange={({ target }) => change({ sort: target.value })}
        />
        <SelectField
          label="Whose"
          options={[
            { value: '', label: 'Everybody’s' },
            { value: 'mine', label: 'Mine' },
          ]}
          value={filters.whose}
          onChange={({ target }) => change({ whose: target.value })}
        />
      </Filters>
      <Card isFlush>
        <Table
          label="Resources"
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          error={list.error}
          retry={list.retry}
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
        <More {...list} />
      </Card>
      {opened !== undefined && <ResourceDialog key={opened} id={opened} onClose={() => open(undefined)} />}
    </Page>
  )
}
