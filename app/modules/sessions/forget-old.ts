/** Clears away what is over: ended sessions after a time in which their owner could still see them, and dead tokens. */

import type { Session } from '#kernel/database.ts'
import type { SessionLives } from './sessions.store.ts'

/** How long an ended session stays in its owner's list, in days. */
const shownForDays = 90

export async function forgetOld(
  session: Session,
  { idleSeconds, maxAgeSeconds }: SessionLives,
  batch = 1_000,
): Promise<void> {
  await session.text(
    `delete from sessions where id in (
       select id from sessions
       where least(ended_at, last_used_at + $1 * interval '1 second', created_at + $2 * interval '1 second')
         < now() - interval '${shownForDays} days'
       limit $3)`,
    [idleSeconds, maxAgeSeconds, batch],
  )
  await session.text('delete from account_tokens where expires_at < now()')
}
