/**
 * What resources, items and every later collection share: give it a table and three schemas, get a store, the rules
 * of ownership, a coherent cache and the routes. Not a framework: a collection that needs more writes its own routes.
 */

import { Type } from 'typebox'
import { aroundRows, bothWays, canonical, type ListQuery } from '#http/list-query.ts'
import { pageOf, representationOf, represented } from '#http/representation.ts'
import type { Writes } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Warming } from '#kernel/cache/warm.ts'
import type { Database } from '#kernel/database.ts'
import type { Waiter } from '#kernel/deadline.ts'
import { columnTypes, rowsAsJson, rowsAsWire } from '#platform/cells.ts'
import { type CollectionSchemas, collectionRoutes } from './collection.routes.ts'
import { type CollectionNames, collectionService } from './collection.service.ts'
import { type CollectionRow, type CollectionSource, collectionStore } from './collection.store.ts'

export { ownerName } from './collection.store.ts'

export interface CollectionDeps {
  readonly database: Database
  readonly cache: Cache
  readonly write: Writes
}

export interface Collection {
  readonly name: string
  readonly singular: string
  readonly source: Omit<CollectionSource, 'written'>
  /** A member of `wire` is the column of its name; one that is no column, such as `owner`, holds columns: `ownerId` is its `id`. */
  readonly schemas: Omit<CollectionSchemas, 'sorts'>
  readonly defaults?: CollectionNames['defaults']
  /** Cache tags of what its things embed of others, such as their owner's name. */
  readonly embeds?: readonly string[]
}

/** @throws {Error} at once, for a member of the wire that is no column and holds none. */
export function collection<Row extends CollectionRow>(
  { name, singular, source, schemas, defaults, embeds = [] }: Collection,
  { database, cache, write }: CollectionDeps,
) {
  const names: CollectionNames = { name, singular, written: Object.keys(schemas.create.properties), defaults }
  const store = collectionStore<Row>({ ...source, written: names.written }, database)

  const wireOne = representationOf(schemas.wire)
  const wireAll = representationOf(Type.Object({ data: Type.Array(schemas.wire) }))
  const wireRows = rowsAsJson(schemas.wire, columnTypes(source.columns))
  const toWire = rowsAsWire(schemas.wire, Object.keys(source.columns))
  const represent = (row: Row) => wireOne(toWire(row) as never)
  const representAll = (rows: readonly Row[]) => wireAll({ data: rows.map(toWire) } as never)

  const one = (id: number): Warming => ({
    key: `${name}:${id}`,
    load: async (signal) => {
      const row = await store.one(id, signal)
      return row && represent(row)
    },
    options: { tags: embeds },
  })
  const list = (query: ListQuery): Warming => ({
    key: `${name}?${canonical(query)}`,
    load: async (signal) => {
      const { rows, nextCursor } = await store.page(database, query, signal)
      const [head, tail] = aroundRows({ limit: query.limit, nextCursor })
      return pageOf(represented(wireRows(head, rows, tail)), nextCursor)
    },
    options: { tags: [name, ...embeds], keep: query.cursor && 'from-the-second-time' },
  })
  const through = ({ key, load, options }: Warming, waiter?: Waiter) =>
    cache.through(key, load, options, waiter)
  const reads = {
    one: (id: number, waiter?: Waiter) => through(one(id), waiter),
    list: (query: ListQuery, waiter?: Waiter) => through(list(query), waiter),
  }

  /** What is asked for most: the first page in every order, and the newest things. */
  const warming = async (count: number): Promise<Warming[]> => {
    const first = { limit: 20, skip: 0, cursor: undefined, filters: {} }
    const pages = bothWays(Object.keys(source.sorts)).map((sort) => list({ ...first, sort }))
    return [...pages, ...(await store.newest(count)).map(one)]
  }
  const service = collectionService(names, store, represent)
  const routes = collectionRoutes<Row>({
    names,
    schemas: { ...schemas, sorts: Object.keys(source.sorts) },
    reads,
    service,
    represent,
    representAll,
    write,
  })
  return { name, permissions: [`${name}:write`] as const, routes, service, reads, warming }
}
