/** The rules of an owned collection: its maker owns a thing; the owner, or who holds `<name>:write`, may change it. */

import { matches } from '#http/representation.ts'
import type { Write } from '#http/write.ts'
import { forbidden, notFound, preconditionFailed } from '#kernel/errors.ts'
import type { Representation } from '#kernel/representation.ts'
import type { CollectionRow, CollectionStore } from './collection.store.ts'

type Values = Readonly<Record<string, unknown>>

export interface CollectionNames {
  /** `items`: the path, the permission's resource, the cache tag. */
  readonly name: string
  /** `item`, as refusals call one. */
  readonly singular: string
  readonly written: readonly string[]
  /** What a member is when a client leaves it out; null unless named here. */
  readonly defaults?: Values | undefined
}

export function collectionService<Row extends CollectionRow>(
  { name, singular, written, defaults = {} }: CollectionNames,
  store: CollectionStore<Row>,
  represent: (row: Row) => Representation,
) {
  const complete = (body: Values): Values =>
    Object.fromEntries(written.map((member) => [member, body[member] ?? defaults[member] ?? null]))

  /** The row to be changed: it exists, the caller may change it, and it is still what the caller saw. */
  const lockForChange = async (write: Write, id: number): Promise<Row> => {
    const row = await store.lock(write.transaction, id)
    if (!row) throw notFound(singular, id)
    const { principal, ifMatch } = write
    const mayChange = row.ownerId === principal.userId || principal.permissions.has(`${name}:write`)
    if (!mayChange) throw forbidden(`Only its owner changes this ${singular}.`)
    if (ifMatch !== undefined && !matches(ifMatch, represent(row).etag)) throw preconditionFailed()
    return row
  }

  return {
    async create(write: Write, body: Values): Promise<Row> {
      const row = await store.insert(write.transaction, {
        ...complete(body),
        ownerId: write.principal.userId,
      })
      write.alsoInvalidate(`${name}:${row.id}`)
      return row
    },

    /** All or none: one statement. */
    async createAll(write: Write, bodies: readonly Values[]): Promise<Row[]> {
      const ownerId = write.principal.userId
      const rows = await store.insertAll(
        write.transaction,
        bodies.map((body) => ({ ...complete(body), ownerId })),
      )
      write.alsoInvalidate(...rows.map((row) => `${name}:${row.id}`))
      return rows
    },

    async replace(write: Write, id: number, body: Values): Promise<Row> {
      await lockForChange(write, id)
      return store.update(write.transaction, id, complete(body))
    },

    async change(write: Write, id: number, changes: Values): Promise<Row> {
      const row = await lockForChange(write, id)
      return store.update(write.transaction, id, { ...complete(row as unknown as Values), ...changes })
    },

    async remove(write: Write, id: number): Promise<void> {
      await lockForChange(write, id)
      await store.delete(write.transaction, id)
    },
  }
}

export type CollectionService<Row extends CollectionRow> = ReturnType<typeof collectionService<Row>>
