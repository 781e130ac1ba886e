/** New entries of the trail, from all replicas, for whoever watches: asked for every two seconds while somebody does. */

import type { Session } from '#kernel/database.ts'
import type { AuditEntry } from './audit.schemas.ts'

export interface AuditFeedDeps {
  readonly database: Session
  readonly isWatched: () => boolean
  readonly publish: (entry: AuditEntry) => void
}

/** Beats between two questions. */
const everyBeats = 4
/** An entry may be committed after one that was begun later: so many are looked at again. */
const overlap = 50
const mostAtOnce = 50

const newest = 'select coalesce(max(id), 0) as id from audit_entries'
const since = `select id, created_at, actor_id, actor_kind, credential_id, action, target, outcome, address, request_id, details
  from audit_entries where id > $1::bigint order by id limit $2::int`

/** Returns what is to be called with each beat. */
export function auditFeed({ database, isWatched, publish }: AuditFeedDeps): () => void {
  let beats = 0
  let last: number | undefined
  let told = new Set<number>()

  const ask = async (): Promise<void> => {
    if (last === undefined) {
      const [row] = await database.text<{ id: number }>(newest)
      last = row?.id ?? 0
      // What was there before is no news.
      told = new Set(Array.from({ length: overlap }, (_, back) => Number(last) - back))
      return
    }
    const entries = await database.text<AuditEntry>(since, [last - overlap, overlap + mostAtOnce])
    // Nobody watches any more: whoever does next begins anew.
    if (last === undefined) return
    for (const entry of entries) {
      if (told.has(entry.id)) continue
      told.add(entry.id)
      last = Math.max(last, entry.id)
      publish(entry)
    }
    for (const id of told) if (id <= last - overlap) told.delete(id)
  }

  return () => {
    if (!isWatched()) {
      last = undefined
      beats = 0
      return
    }
    // Postgres away: it is asked again, and nothing is missed.
    if (beats++ % everyBeats === 0) ask().catch(() => {})
  }
}
