/**
 * The SQL of a collection: one by id (the ids of one turn in one query), a page, insert (those of one turn in
 * one statement), update, delete.
 */

import { desc, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable, SelectedFieldsFlat } from 'drizzle-orm/pg-core'
import { batched } from '#kernel/batch.ts'
import type { Database, Session } from '#kernel/database.ts'
import { together } from '#kernel/together.ts'
import { bulkInsert } from '#platform/bulk-insert.ts'
import { cellPagesOf } from '#platform/pages.ts'
import { build, statement } from '#platform/postgres.ts'
import { isRefusedStatement } from '#platform/postgres-errors.ts'
import { onlyRow } from '#platform/rows.ts'

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

/** A row whose account somebody has locked is waited for alone: its neighbours go on after this. */
const patienceMs = 100

type Values = Readonly<Record<string, unknown>>

export function collectionStore<Row extends CollectionRow>(source: CollectionSource, database: Database) {
  const { table, columns, written } = source
  const byId = eq(table.id, sql.placeholder('id'))
  const placeholders = Object.fromEntries(written.map((name) => [name, sql.placeholder(name)]))

  const some = statement<{ ids: string }, Row>(
    build
      .select(columns)
      .from(table)
      .where(sql`${table.id} = any(${sql.placeholder('ids')}::bigint[])`),
  )
  const newest = statement<{ count: number }, { id: number }>(
    build.select({ id: table.id }).from(table).orderBy(desc(table.id)).limit(sql.placeholder('count')),
  )
  const locked = statement<{ id: number }, Row>(build.select(columns).from(table).where(byId).for('update'))
  const members = Object.fromEntries(
    [...written, 'ownerId'].map((name) => [
      name,
      (table as unknown as Record<string, PgColumn>)[name] as PgColumn,
    ]),
  )
  const bulk = bulkInsert<Row>({ table, members, columns })
  // In a transaction, where a row is alone: a tenth less than one row in bulk.
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
    async (ids, signal) => {
      const rows = await database.run(some, { ids: `{${ids.join()}}` }, signal)
      return new Map(rows.map((row) => [row.id, row]))
    },
    (flush) => setImmediate(flush),
  )

  // No column of a collection is unique, so what goes wrong with one row is its own: it can be tried again by itself.
  const insertTogether = together<Values, Row>({
    call: (rows) => database.autocommit.run(bulk, { rows, lockTimeoutMs: rows.length > 1 ? patienceMs : 0 }),
    isRefusal: isRefusedStatement,
    defer: setImmediate,
    maxItems: 100,
  })
  const insertAll = (session: Session, rows: readonly Values[]): Promise<Row[]> =>
    session.run(bulk, { rows, lockTimeoutMs: 0 })

  return {
    one,
    /** Its rows are cells, in the order of the source's columns. */
    page: cellPagesOf({ ...source, id: table.id }),
    newest: async (count: number): Promise<number[]> =>
      (await database.run(newest, { count })).map(({ id }) => id),
    /** The row as it is now, locked until the transaction ends. */
    lock: async (transaction: Session, id: number): Promise<Row | undefined> =>
      (await transaction.run(locked, { id }))[0],
    insertAll,
    /** Where no transaction holds it, together with what others insert in this turn. */
    insert: async (session: Session, values: Values): Promise<Row> =>
      session === database.autocommit
        ? insertTogether(values)
        : onlyRow(await session.run(insertion, values)),
    update: async (transaction: Session, id: number, values: Values): Promise<Row> =>
      onlyRow(await transaction.run(change, { ...values, id })),
    delete: async (transaction: Session, id: number): Promise<void> => {
      await transaction.run(deletion, { id })
    },
  }
}

export type CollectionStore<Row extends CollectionRow> = ReturnType<typeof collectionStore<Row>>

/** The owner's name beside a row, without a second query. */
export const ownerName: SQL.Aliased<string> =
  sql<string>`(select owner.name from users owner where owner.id = owner_id)`.as('owner_name')
