/** The SQL of a collection: one by id (the ids of one turn in one query), a page, insert, update, delete. */

import { eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable, SelectedFieldsFlat } from 'drizzle-orm/pg-core'
import { batched } from '#kernel/batch.ts'
import type { Session } from '#kernel/database.ts'
import { pagesOf } from '#platform/pages.ts'
import { build, statement } from '#platform/postgres.ts'

/** What every table of a collection has. */
export type CollectionTable = PgTable & { readonly id: PgColumn; readonly ownerId: PgColumn }

export interface CollectionRow {
  readonly id: number
  readonly ownerId: number
}

export interface CollectionSource {
  readonly table: CollectionTable
  /** What is read of a row: the table's columns, and others as scalar subqueries, so that no second query is needed. */
  readonly columns: SelectedFieldsFlat
  /** The members a client writes. */
  readonly written: readonly string[]
  readonly sorts: Readonly<Record<string, PgColumn>>
  readonly filters: Readonly<Record<string, PgColumn>>
}

type Values = Readonly<Record<string, unknown>>

export function collectionStore<Row extends CollectionRow>(source: CollectionSource, pool: Session) {
  const { table, columns, written } = source
  const byId = eq(table.id, sql.placeholder('id'))
  const placeholders = Object.fromEntries(written.map((name) => [name, sql.placeholder(name)]))

  const some = statement<{ ids: string }, Row>(
    build
      .select(columns)
      .from(table)
      .where(sql`${table.id} = any(${sql.placeholder('ids')}::bigint[])`),
  )
  const locked = statement<{ id: number }, Row>(build.select(columns).from(table).where(byId).for('update'))
  const insertion = statement<Values, Row>(
    build
      .insert(table)
      .values({ ...placeholders, ownerId: sql.placeholder('ownerId') } as never)
      .returning(columns),
  )
  const change = statement<Values, Row>(
    build
      .update(table)
      .set({ ...placeholders, updatedAt: sql`now()` } as never)
      .where(byId)
      .returning(columns),
  )
  const deletion = statement<{ id: number }, never>(build.delete(table).where(byId))

  const one = batched<number, Row>(
    async (ids) => {
      const rows = await pool.run(some, { ids: `{${ids.join()}}` })
      return new Map(rows.map((row) => [row.id, row]))
    },
    (flush) => setImmediate(flush),
  )

  return {
    one,
    page: pagesOf<Row>({ ...source, id: table.id }),
    /** The row as it is now, locked until the transaction ends. */
    lock: async (transaction: Session, id: number): Promise<Row | undefined> =>
      (await transaction.run(locked, { id }))[0],
    insert: async (transaction: Session, values: Values): Promise<Row> =>
      only(await transaction.run(insertion, values)),
    update: async (transaction: Session, id: number, values: Values): Promise<Row> =>
      only(await transaction.run(change, { ...values, id })),
    delete: async (transaction: Session, id: number): Promise<void> => {
      await transaction.run(deletion, { id })
    },
  }
}

export type CollectionStore<Row extends CollectionRow> = ReturnType<typeof collectionStore<Row>>

/** The owner's name beside a row, without a second query. */
export const ownerName: SQL.Aliased<string> =
  sql<string>`(select owner.name from users owner where owner.id = owner_id)`.as('owner_name')

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that returns its row returned none')
  return row
}
