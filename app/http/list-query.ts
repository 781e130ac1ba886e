/** What every list takes: limit, cursor, skip, sort, fields, and equality filters named as the members. */

import { type Static, type TSchema, Type } from 'typebox'
import { type Cursor, decodeCursor, mostOnAPage } from '#kernel/cursor.ts'

/** `createdAt`, `-createdAt`, ...: the sorts of a list, both ways. */
export const bothWays = (sorts: readonly string[]): string[] => sorts.flatMap((sort) => [sort, `-${sort}`])

/** The query schema of a list; `fields` are the members of its things, the first of `sorts` is the default. */
export function listQuery(
  sorts: readonly string[],
  filters: Record<string, TSchema>,
  fields: readonly string[],
) {
  const names = fields.join('|')
  return Type.Object(
    {
      limit: Type.Integer({ minimum: 1, maximum: mostOnAPage, default: 20 }),
      skip: Type.Integer({ minimum: 0, maximum: 10_000, default: 0 }),
      cursor: Type.Optional(Type.String({ maxLength: 2_048, description: 'nextCursor of the page before' })),
      sort: Type.Enum(bothWays(sorts), { default: sorts[0] ?? 'createdAt' }),
      fields: Type.Optional(
        Type.String({
          pattern: `^(${names})(,(${names}))*$`,
          // Each once: the query comes back in the Link header.
          maxLength: names.length,
          description: 'members to answer, comma separated',
        }),
      ),
      ...Object.fromEntries(Object.entries(filters).map(([name, schema]) => [name, Type.Optional(schema)])),
    },
    { additionalProperties: false },
  )
}

const Pagination = Type.Object(
  {
    limit: Type.Integer(),
    nextCursor: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'cursor of the next page; null: this is the last one',
    }),
  },
  { title: 'Pagination' },
)

/** Answers `{ data, pagination }` of things like `item`. */
export const listOf = <Schema extends TSchema>(item: Schema) =>
  Type.Object({
    data: Type.Array(item),
    pagination: Pagination,
  })

/** The text of such an answer before and after its things. */
export const aroundRows = (pagination: Static<typeof Pagination>): readonly [head: string, tail: string] => [
  '{"data":[',
  `],"pagination":${JSON.stringify(pagination)}}`,
]

export interface ListQuery {
  readonly limit: number
  readonly skip: number
  readonly sort: string
  readonly cursor: Cursor | undefined
  readonly filters: Readonly<Record<string, string | number | boolean>>
}

type RawListQuery = Static<ReturnType<typeof listQuery>> & Record<string, unknown>

/** The validated query, with its cursor read. @throws {AppError} `bad_cursor`. */
export function readListQuery(raw: RawListQuery): ListQuery {
  const { limit, skip, sort, cursor, fields: _, ...filters } = raw
  return {
    limit,
    skip,
    sort: String(sort),
    cursor: cursor === undefined ? undefined : decodeCursor(cursor, String(sort)),
    filters: filters as ListQuery['filters'],
  }
}

/** One text per different page, whatever the order its parameters came in: the cache key's second half. */
export const canonical = ({ limit, skip, sort, cursor, filters }: ListQuery): string =>
  JSON.stringify([limit, skip, sort, cursor?.value, cursor?.id, Object.entries(filters).sort()])
