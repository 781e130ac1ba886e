/** Answers, made once, and strong ETags of their bytes. Lists of collections are written from their cells (platform/cells.ts). */

import { hash } from 'node:crypto'
import fastJson from 'fast-json-stringify'
import type { Static, TSchema } from 'typebox'
import { type Body, bodyOf, type Representation } from '#kernel/representation.ts'

/** Members the schema does not declare are dropped: what is not promised does not leave. */
export function representationOf<Schema extends TSchema>(
  schema: Schema,
): (value: Static<Schema>) => Representation {
  const serialise = fastJson(JSON.parse(JSON.stringify(schema)))
  return (value) => represented(serialise(value))
}

export const represented = (json: Body): Representation => ({
  body: bodyOf(json),
  etag: `"${hash('sha1', json, 'base64url')}"`,
})

/** One page of a list; `null`: there is no next one. */
export const pageOf = (page: Representation, nextCursor: string | null): Representation =>
  nextCursor === null ? page : { ...page, next: nextCursor }

/** RFC 9110 weak comparison of `If-None-Match`, and of `If-Match` too: compression at the edge makes our tag weak. */
export function matches(header: string, etag: string): boolean {
  if (header === etag || header === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
