/**
 * Pages of a table by keyset: `where (sort, id) > (last sort, last id) order by sort, id limit n`. One statement is
 * compiled for each combination of sort and filters that is really asked for, and then kept.
 */

import { asc, desc, eq, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable, SelectedFieldsFlat } from 'drizzle-orm/pg-core'
import { badCursor, type Cursor, encodeCursor, mostOnAPage } from '#kernel/cursor.ts'
import type { Cell, Session, Statement } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { asCells, build, statement } from './postgres.ts'

export interface PageSource {
  readonly table: PgTable
  readonly columns: SelectedFieldsFlat
  readonly id: PgColumn
  /** Members one may sort by. None may be null: a null has no place in a keyset. */
  readonly sorts: Readonly<Record<string, PgColumn>>
  readonly filters: Readonly<Record<string, PgColumn>>
  readonly where?: SQL
}

export interface PageQuery {
  /** At most `mostOnAPage`. */
  readonly limit: number
  readonly skip: number
  /** A member of `sorts`, with `-` before it for descending. */
  readonly sort: string
  readonly cursor: Cursor | undefined
  readonly filters: Readonly<Record<string, string | number | boolean>>
}

export interface Page<Row> {
  readonly rows: Row[]
  readonly nextCursor: string | null
}

type PageArgs = Record<string, unknown>

/** Rows as objects. */
export const pagesOf = <Row extends { readonly id: number }>(source: PageSource) =>
  pageReader<Row>(
    source,
    (statement) => statement,
    (row, name) => row[name as keyof Row] as string | number,
  )

/** Rows as cells, in the order of the source's columns. */
export function cellPagesOf(source: PageSource) {
  const columns = Object.keys(source.columns)
  for (const [name, column] of Object.entries(source.sorts)) {
    // Its cell, `t`, is no value that could be asked for.
    if (column.getSQLType() === 'boolean')
      throw new Error(`${name}: there is no way to sort by what is true or false`)
  }
  return pageReader<readonly Cell[]>(source, asCells, (row, name) => String(row[columns.indexOf(name)]))
}

/** Reads one page; asks for one row more than the page holds to know whether there is a next one. */
function pageReader<Row>(
  source: PageSource,
  reading: (statement: Statement<PageArgs, Row>) => Statement<PageArgs, Row>,
  read: (row: Row, column: string) => string | number,
) {
  const compiled = new Map<string, Statement<PageArgs, Row>>()

  return async (session: Session, query: PageQuery, signal?: AbortSignal): Promise<Page<Row>> => {
    const filters = Object.keys(query.filters).sort()
    const shape = `${query.sort} ${filters.join()} ${query.cursor ? 'after' : ''} ${query.skip > 0 ? 'skip' : ''}`
    const page = compiled.get(shape) ?? reading(compile<Row>(source, query, filters))
    compiled.set(shape, page)
    const { cursor, skip, limit } = query
    const args = { ...query.filters, after: cursor?.value, afterId: cursor?.id, limit: limit + 1, skip }
    const rows = await session.run(page, args, signal).catch((error: unknown) => {
      // A value that the sort's column cannot hold, such as no date, was never ours.
      throw cursor && error instanceof AppError && error.code === 'validation_failed' ? badCursor() : error
    })
    if (rows.length <= limit) return { rows, nextCursor: null }
    rows.pop()
    const last = rows.at(-1) as Row
    const value = read(last, query.sort.replace('-', ''))
    return { rows, nextCursor: encodeCursor({ sort: query.sort, value, id: Number(read(last, 'id')) }) }
  }
}

function compile<Row>(
  source: PageSource,
  query: PageQuery,
  filters: readonly string[],
): Statement<PageArgs, Row> {
  const column = source.sorts[query.sort.replace('-', '')]
  if (!column) throw new Error(`no sort ${query.sort}`)
  const isDescending = query.sort.startsWith('-')
  const direction = isDescending ? desc : asc
  const conditions: SQL[] = source.where ? [source.where] : []
  for (const name of filters) {
    const filter = source.filters[name]
    if (!filter) throw new Error(`no filter ${name}`)
    conditions.push(eq(filter, sql.placeholder(name)))
  }
  if (query.cursor) {
    const after = sql`(${sql.placeholder('after')}, ${sql.placeholder('afterId')})`
    conditions.push(sql`(${column}, ${source.id}) ${sql.raw(isDescending ? '<' : '>')} ${after}`)
  }
  const rows = build
    .select(source.columns)
    .from(source.table)
    .where(conditions.length === 0 ? undefined : sql.join(conditions, sql` and `))
    .orderBy(direction(column), direction(source.id))
  const limit = sql.placeholder('limit')
  // How many rows a filter leaves, Postgres has to know: it plans these anew each time.
  if (query.skip > 0 || filters.length > 0)
    return statement(rows.limit(limit).offset(sql.placeholder('skip')))
  // The others it plans once, where it knows a limit: one that it does not know passes for a tenth of the table.
  const bound = sql.raw(`${mostOnAPage + 1}`)
  return statement(
    build
      .select()
      .from(rows.limit(bound as never).as(getTableName(source.table)))
      .limit(limit),
  )
}
