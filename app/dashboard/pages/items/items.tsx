/** Items: found, made, changed and deleted through the public API, as any application would. */

import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Button } from '#dashboard/components/button.tsx'
import { useDebounced } from '#dashboard/components/debounced.ts'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Card, Page } from '#dashboard/components/layout.tsx'
import { More } from '#dashboard/components/more.tsx'
import { price } from '#dashboard/components/numbers.ts'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useMe } from '#dashboard/session/session.ts'
import { useFilters } from '#dashboard/shell/location.ts'
import { Highlighted } from './highlighted.tsx'
import { ItemDialog } from './item-dialog.tsx'
import type { ListedItem } from './items.ts'

const sorts = [
  { value: '-createdAt', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: 'title', label: 'Title, A to Z' },
  { value: '-title', label: 'Title, Z to A' },
] as const

type Sort = (typeof sorts)[number]['value']

export default function Items() {
  const { user } = useMe()
  const [filters, change] = useFilters(['q', 'sort', 'whose'])
  const [opened, open] = useState<number | 'new'>()
  const q = useDebounced(filters.q)
  const sort = (filters.sort || '-createdAt') as Sort
  const isMine = filters.whose === 'mine'
  const list = useCursorList<ListedItem>(['items', 'list', q, sort, isMine], (cursor) => {
    const page = cursor === undefined ? {} : { cursor }
    return q === ''
      ? answered(
          api.GET('/api/v1/items', {
            params: { query: { sort, ...(isMine && { ownerId: user.id }), ...page } },
          }),
        )
      : answered(api.GET('/api/v1/search/items', { params: { query: { q, ...page } } }))
  })
  const columns: readonly Column<ListedItem>[] = [
    {
      name: 'Title',
      cell: (item) => (
        <Opener onOpen={() => open(item.id)}>
          {item.highlight?.title ? <Highlighted html={item.highlight.title} /> : item.title}
        </Opener>
      ),
    },
    { name: 'Owner', cell: ({ owner }) => (owner.id === user.id ? 'You' : owner.name) },
    {
      name: 'Price',
      isNumber: true,
      cell: ({ priceCents }) => (priceCents === null ? '–' : price(priceCents)),
    },
    { name: 'Changed', cell: ({ updatedAt }) => <Ago time={updatedAt} /> },
  ]
  return (
    <Page
      title="Items"
      about="What people sell. Search forgives typing errors and knows beginnings of words."
      actions={
        <Button look="primary" icon="plus" onClick={() => open('new')}>
          New item
        </Button>
      }
    >
      <Filters>
        <TextField
          label="Search"
          type="search"
          value={filters.q}
          maxLength={200}
          onChange={({ target }) => change({ q: target.value })}
        />
        {/* A search is ordered by how well it fits, and looks everywhere. */}
        <SelectField
          label="Order"
          options={sorts}
          value={sort}
          disabled={q !== ''}
          onChange={({ target }) => change({ sort: target.value })}
        />
        <SelectField
          label="Whose"
          options={[
            { value: '', label: 'Everybody’s' },
            { value: 'mine', label: 'Mine' },
          ]}
          value={filters.whose}
          disabled={q !== ''}
          onChange={({ target }) => change({ whose: target.value })}
        />
      </Filters>
      <Card isFlush>
        <Table
          label="Items"
          columns={columns}
          rows={list.rows}
          keyOf={({ id }) => id}
          error={list.error}
          retry={list.retry}
          onOpen={({ id }) => open(id)}
          empty={
            q === '' ? (
              <Empty
                icon="items"
                title="No items yet"
                action={<Button onClick={() => open('new')}>Make the first</Button>}
              />
            ) : (
              <Empty title={`Nothing found for “${q}”`}>Try fewer or other words.</Empty>
            )
          }
        />
        <More {...list} />
      </Card>
      {opened !== undefined && <ItemDialog key={opened} id={opened} onClose={() => open(undefined)} />}
    </Page>
  )
}
