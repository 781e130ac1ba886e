/** Search over items: ranked, forgiving of typing errors, cached until an item or a name in it changes. */

import type { FastifyInstance } from 'fastify'
import type { RouteLimit } from '#http/rate-limit.ts'
import { sendRead } from '#http/read.ts'
import { pageOf, representationOf } from '#http/representation.ts'
import { refusals } from '#http/schemas.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import { decodeCursor, encodeCursor } from '#kernel/cursor.ts'
import type { Database } from '#kernel/database.ts'
import type { Waiter } from '#kernel/deadline.ts'
import { type FoundItem, SearchAnswer, SearchQuery } from './search.schemas.ts'
import { type FoundRow, findItems, foundStart, foundStop } from './search.store.ts'

export interface SearchDeps {
  readonly database: Database
  readonly cache: Cache
  /** A search costs Postgres as much as hundreds of other reads: limits besides the tier's. */
  readonly limits: readonly RouteLimit[]
}

export function search({ database, cache, limits }: SearchDeps) {
  const represent = representationOf(SearchAnswer)

  const find = ({ q: text, limit, skip, cursor }: SearchQuery, waiter: Waiter) => {
    // A rank is no key to go on from: the cursor holds how far one has come.
    const offset = cursor === undefined ? skip : Number(decodeCursor(cursor, 'rank').value)
    const key = `search?${JSON.stringify([text, limit, offset])}`
    return cache.through(
      key,
      async (signal) => {
        const rows = await findItems(database, { text, limit, offset }, signal)
        const nextCursor =
          rows.length > limit ? encodeCursor({ sort: 'rank', value: offset + limit, id: 0 }) : null
        const data = rows.slice(0, limit).map(toWire)
        return pageOf(represent({ data, pagination: { limit, nextCursor } }), nextCursor)
      },
      { tags: ['items', 'user-names'] },
      waiter,
    )
  }

  const routes = (app: FastifyInstance): void => {
    app.get<{ Querystring: SearchQuery }>(
      '/api/v1/search/items',
      {
        config: { public: true, limits },
        schema: {
          summary: 'Search items',
          tags: ['search'],
          querystring: SearchQuery,
          response: { 200: SearchAnswer, ...refusals },
        },
      },
      (request, reply) => sendRead(request, reply, find(request.query, request), 'items'),
    )
  }
  return { permissions: [] as const, routes }
}

const toWire = ({ ownerId, ownerName, titleFound, descriptionFound, ...item }: FoundRow): FoundItem => ({
  ...item,
  owner: { id: ownerId, name: ownerName },
  highlight: { title: marked(titleFound), description: marked(descriptionFound) },
})

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escaped HTML with the words found in `<mark>`. */
export const marked = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(foundStart, '<mark>')
    .replaceAll(foundStop, '</mark>')
