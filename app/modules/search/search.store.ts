/**
 * Ranked full text in Postgres. A word matches whole or as a prefix (tsvector); one that nothing begins with matches
 * what is spelt alike (trigrams, word_similarity). Both are answered by indexes.
 */

import type { Session } from '#kernel/database.ts'
import type { Item } from '#modules/items/index.ts'

export type FoundRow = Omit<Item, 'owner'> & {
  readonly ownerId: number
  readonly ownerName: string
  readonly titleFound: string
  readonly descriptionFound: string
}

/** Stand around a found word until the text is escaped: no text holds them, Postgres's own markers would be HTML. */
export const [foundStart, foundStop] = ['\u0001', '\u0002'] as const
const markers = `StartSel=${foundStart},StopSel=${foundStop},HighlightAll=true`

const search = `
  with asked as (select to_tsquery('simple', $1) as words, $2::text as text),
  found as (
    select items.*, ts_rank(search_words, words) + word_similarity(asked.text, search_text) as rank, words
    from items, asked
    where search_words @@ words or asked.text <% search_text
    order by rank desc, items.id
    limit $3 offset $4
  )
  select id, title, description, price_cents, owner_id,
    (select owner.name from users owner where owner.id = owner_id) as owner_name, created_at, updated_at,
    ts_headline('simple', title, words, '${markers}') as title_found,
    ts_headline('simple', coalesce(description, ''), words, '${markers}') as description_found
  from found order by rank desc, id`

/** The rows from `offset` on, best first, one more than `limit` where there is one. */
export const findItems = (
  session: Session,
  { text, limit, offset }: { text: string; limit: number; offset: number },
  signal?: AbortSignal,
): Promise<FoundRow[]> => session.text<FoundRow>(search, [prefixQuery(text), text, limit + 1, offset], signal)

/** `red ket` as the tsquery `'red':* & 'ket':*`: only letters and digits reach it, so that nothing is an operator. */
export function prefixQuery(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return words.map((word) => `'${word}':*`).join(' & ')
}
