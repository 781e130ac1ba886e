/**
 * Any number of rows in one prepared statement: they travel as one JSON text, so that one row and a hundred have the same
 * text and the same plan. Rows come back in the order they were given in.
 */

import { is, SQL, sql } from 'drizzle-orm'
import { type PgColumn, PgDialect, type PgTable, type SelectedFieldsFlat } from 'drizzle-orm/pg-core'
import type { Statement } from '#kernel/database.ts'

export interface BulkInsert {
  readonly table: PgTable
  /** What is written: the members of the rows, and their columns. */
  readonly members: Readonly<Record<string, PgColumn>>
  /** What comes back of each row. */
  readonly columns: SelectedFieldsFlat
}

export interface BulkArgs {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Longest wait for a lock of somebody else, such as on the account that a row names; 0 waits as long as a statement may take. */
  readonly lockTimeoutMs: number
}

const dialect = new PgDialect()

export function bulkInsert<Row>({ table, members, columns }: BulkInsert): Statement<BulkArgs, Row> {
  const entries = Object.entries(members)
  const into = entries.map(([, column]) => sql.identifier(column.name))
  const given = entries.map(([member]) => sql.identifier(member))
  const typed = entries.map(
    ([member, column]) => sql`${sql.identifier(member)} ${sql.raw(column.getSQLType())}`,
  )
  const returned = Object.values(columns).map((column) =>
    is(column, SQL.Aliased)
      ? sql`${column.sql} as ${sql.identifier(column.fieldAlias)}`
      : sql.identifier((column as PgColumn).name),
  )
  const list = (parts: readonly (SQL | ReturnType<typeof sql.identifier>)[]) => sql.join([...parts], sql`, `)
  // The lock timeout is set by the statement itself, for the statement: a round trip less than `set local`.
  const { sql: text } = dialect.sqlToQuery(
    sql`insert into ${table} (${list(into)}) select ${list(given)}
      from json_to_recordset($1::text::json) as given(${list(typed)}), set_config('lock_timeout', $2::text, true)
      returning ${list(returned)}`,
  )
  return { text, bind: ({ rows, lockTimeoutMs }) => [JSON.stringify(rows), String(lockTimeoutMs)] }
}
