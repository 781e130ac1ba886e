/**
 * What resources, items and every later collection share: give it a table and three schemas, get a store, the rules
 * of ownership, a coherent cache and the routes. Not a framework: a collection that needs more writes its own routes.
 */

import { type Static, type TObject, Type } from 'typebox'
import { bothWays, canonical, type ListQuery, listOf } from '#http/list-query.ts'
import { pageOf, representationOf } from '#http/representation.ts'
import type { Writes } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Warming } from '#kernel/cache/warm.ts'
import type { Database } from '#kernel/database.ts'
import type { Waiter } from '#kernel/deadline.ts'
import { type CollectionSchemas, collectionRoutes } from './collection.routes.ts'
import { type CollectionNames, collectionService } from './collection.service.ts'
import { type CollectionRow, type CollectionSource, collectionStore } from './collection.store.ts'

export { ownerName } from './collection.store.ts'

export interface CollectionDeps {
  readonly database: Database
  readonly cache: Cache
  readonly write: Writes
}

export interface Collection<Wire extends TObject, Row extends CollectionRow> {
  readonly name: string
  readonly singular: string
  readonly source: Omit<CollectionSource, 'written'>
  readonly schemas: Omit<CollectionSchemas, 'wire' | 'sorts'> & { readonly wire: Wire }
  readonly defaults?: CollectionNames['defaults']
  /** Cache tags of what its things embed of others, such as their owner's name. */
  readonly embeds?: readonly string[]
  /** A row as the wire shows it. */
  readonly toWire: (row: Row) => Static<Wire>
}

export function collection<Wire extends TObject, Row extends CollectionRow>(
  { name, singular, source, schemas, defaults, embeds = [], toWire }: Collection<Wire, Row>,
  { database, cache, write }: CollectionDeps,
) {
  const names: CollectionNames = { name, singular, written: Object.keys(schemas.create.properties), defaults }
  const store = collectionStore<Row>({ ...source, written: names.written }, database)

  const wireOne = representationOf(schemas.wire)
  const wirePage = representationOf(listOf(schemas.wire))
  const wireAll = representationOf(Type.Object({ data: Type.Array(schemas.wire) }))
  const represent = (row: Row) => wireOne(toWire(row))
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
      const pagination = { limit: query.limit, nextCursor }
      return pageOf(wirePage({ data: rows.map(toWire), pagination } as never), nextCursor)
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
