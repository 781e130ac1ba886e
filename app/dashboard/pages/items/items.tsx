/** Items: found, made, changed and deleted through the public API, as any application would. */

import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Button } from '#dashboard/components/button.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Page } from '#dashboard/components/layout.tsx'
import { orderOf, ordersBy, owners, useListFilters } from '#dashboard/components/list-filters.ts'
import { ListTable } from '#dashboard/components/list-table.tsx'
import { price } from '#dashboard/components/numbers.ts'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import type { Column } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useMe } from '#dashboard/session/session.ts'
import { Highlighted } from './highlighted.tsx'
import type { ListedItem } from './item.ts'
import { ItemDialog } from './item-dialog.tsx'

export default function Items() {
  const { user } = useMe()
  const [asked, control] = useListFilters({ typed: ['q'], chosen: ['sort', 'whose'] })
  const [opened, open] = useState<number | 'new'>()
  const { q } = asked
  const sort = orderOf<'title'>(asked.sort)
  const isMine = asked.whose === 'mine'
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
        <TextField label="Search" type="search" maxLength={200} {...control('q')} />
        {/* A search is ordered by how well it fits, and looks everywhere. */}
        <SelectField
          label="Order"
          options={ordersBy('title', 'Title')}
          disabled={q !== ''}
          {...control('sort')}
        />
        <SelectField label="Whose" options={owners} disabled={q !== ''} {...control('whose')} />
      </Filters>
      <ListTable
        label="Items"
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
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
      {opened !== undefined && <ItemDialog key={opened} id={opened} onClose={() => open(undefined)} />}
    </Page>
  )
}
