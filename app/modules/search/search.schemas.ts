import { type Static, Type } from 'typebox'
import { listOf } from '#http/list-query.ts'
import { Item } from '#modules/items/index.ts'

/** An item with what was found in it. The texts are HTML: escaped, the words found in `<mark>`. */
export const FoundItem = Type.Object(
  {
    ...Item.properties,
    highlight: Type.Object({ title: Type.String(), description: Type.String() }),
  },
  { title: 'FoundItem' },
)
export type FoundItem = Static<typeof FoundItem>

export const SearchQuery = Type.Object(
  {
    q: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'words; the last may be unfinished, all may be misspelt',
      examples: ['coper kett'],
    }),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
    skip: Type.Integer({ minimum: 0, maximum: 10_000, default: 0 }),
    cursor: Type.Optional(Type.String({ maxLength: 2_048, description: 'nextCursor of the page before' })),
  },
  { additionalProperties: false },
)
export type SearchQuery = Static<typeof SearchQuery>

export const SearchAnswer = listOf(FoundItem)
