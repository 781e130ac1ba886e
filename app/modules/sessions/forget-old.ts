/** Clears away what is over: ended sessions after a time in which their owner could still see them, and dead tokens. */

import type { Database } from '#kernel/database.ts'
import { deleteInSteps } from '#platform/stepped-delete.ts'
import type { SessionLives } from './sessions.store.ts'

/** How long an ended session stays in its owner's list, in days. */
const shownForDays = 90

const sessionsOver = `delete from sessions where id in (
    select id from sessions
    where least(ended_at, last_used_at + $1 * interval '1 second', created_at + $2 * interval '1 second')
      < now() - interval '${shownForDays} days'
    limit $3 for update skip locked)
  returning 1`

const tokensOver = `delete from account_tokens where token_hash in (
    select token_hash from account_tokens where expires_at < now() limit $1 for update skip locked)
  returning 1`

export async function forgetOld(
  database: Pick<Database, 'autocommit'>,
  { idleSeconds, maxAgeSeconds }: SessionLives,
  step?: number,
): Promise<void> {
  await deleteInSteps(database, sessionsOver, [idleSeconds, maxAgeSeconds], step)
  await deleteInSteps(database, tokensOver, [], step)
}
