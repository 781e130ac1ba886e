/**
 * Everything kept about one person, for the person: JSON, written piece by piece, so that somebody who made a great deal
 * does not fill the memory of a replica with it. No secret and no hash of one is in it.
 */

import { Readable } from 'node:stream'
import type { Session } from '#kernel/database.ts'

const user = 'select id, email, name, role, tier, is_active, created_at, updated_at from users where id = $1'
const lists = {
  sessions: `select id, user_agent, address, created_at, last_used_at, ended_at, end_reason
    from sessions where user_id = $1`,
  apiKeys: `select id, name, scopes, tier, created_at, expires_at, revoked_at, last_used_at
    from api_keys where owner_id = $1`,
  resources: 'select * from resources where owner_id = $1',
  items: 'select * from items where owner_id = $1',
  auditEntries: `select id, created_at, action, target, outcome, address, request_id, details
    from audit_entries where actor_id = $1`,
}

/** Rows read at once; of the largest kind they are two megabytes. */
const rowsAtOnce = 100

export const personalRecord = (session: Session, userId: number): Readable =>
  Readable.from(pieces(session, userId))

async function* pieces(session: Session, userId: number): AsyncGenerator<string> {
  const [person = null] = await session.text(user, [userId])
  yield `{"user":${JSON.stringify(person)}`
  for (const [name, query] of Object.entries(lists)) {
    let separator = `,"${name}":[`
    for await (const rows of pages(session, query, userId)) {
      yield separator + rows.map((row) => JSON.stringify(row)).join()
      separator = ','
    }
    yield separator === ',' ? ']' : `${separator}]`
  }
  yield '}'
}

async function* pages(session: Session, query: string, userId: number): AsyncGenerator<{ id: number }[]> {
  const page = `${query} and id > $2 order by id limit ${rowsAtOnce}`
  let rows: { id: number }[] = []
  do {
    rows = await session.text<{ id: number }>(page, [userId, rows.at(-1)?.id ?? 0])
    if (rows.length > 0) yield rows
  } while (rows.length === rowsAtOnce)
}
