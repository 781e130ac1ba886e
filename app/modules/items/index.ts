/** Items: things with a title and a price. Their owner's name is embedded, read in the same query. */

import { getTableColumns } from 'drizzle-orm'
import { Id } from '#http/schemas.ts'
import { type CollectionDeps, collection, ownerName } from '#modules/collection/index.ts'
import { Item, NewItem } from './items.schemas.ts'
import { itemsTable } from './items.table.ts'

export { Item, NewItem } from './items.schemas.ts'

type ItemRow = Omit<Item, 'owner'> & { readonly ownerId: number; readonly ownerName: string }

export const items = (deps: CollectionDeps) =>
  collection<ItemRow>(
    {
      name: 'items',
      singular: 'item',
      source: {
        table: itemsTable,
        columns: { ...getTableColumns(itemsTable), ownerName },
        sorts: { createdAt: itemsTable.createdAt, title: itemsTable.title },
        filters: { ownerId: itemsTable.ownerId },
      },
      schemas: { wire: Item, create: NewItem, filters: { ownerId: Id } },
      embeds: ['user-names'],
    },
    deps,
  )
