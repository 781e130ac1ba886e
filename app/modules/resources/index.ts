/** Resources: named things of a type, with free metadata. Readable by anyone, changed by their owner. */

import { getTableColumns } from 'drizzle-orm'
import { Type } from 'typebox'
import { Id } from '#http/schemas.ts'
import { type CollectionDeps, collection } from '#modules/collection/index.ts'
import { NewResource, Resource } from './resources.schemas.ts'
import { resourcesTable } from './resources.table.ts'

export { NewResource } from './resources.schemas.ts'

export const resources = (deps: CollectionDeps) =>
  collection<Resource>(
    {
      name: 'resources',
      singular: 'resource',
      source: {
        table: resourcesTable,
        columns: getTableColumns(resourcesTable),
        sorts: { createdAt: resourcesTable.createdAt, name: resourcesTable.name },
        filters: { type: resourcesTable.type, ownerId: resourcesTable.ownerId },
      },
      schemas: {
        wire: Resource,
        create: NewResource,
        filters: { type: Type.String({ maxLength: 50 }), ownerId: Id },
      },
      defaults: { metadata: {} },
    },
    deps,
  )
