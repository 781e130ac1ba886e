/** Everything kept about one person, for the person. No secret and no hash of one is in it. */

import type { Session } from '#kernel/database.ts'

const parts = {
  user: 'select id, email, name, role, tier, is_active, created_at, updated_at from users where id = $1',
  sessions: `select id, user_agent, address, created_at, last_used_at, ended_at, end_reason
    from sessions where user_id = $1 order by id`,
  apiKeys: `select id, name, scopes, tier, created_at, expires_at, revoked_at, last_used_at
    from api_keys where owner_id = $1 order by id`,
  resources: 'select * from resources where owner_id = $1 order by id',
  items: 'select * from items where owner_id = $1 order by id',
  auditEntries: `select id, created_at, action, target, outcome, address, request_id, details
    from audit_entries where actor_id = $1 order by id`,
}

export async function personalRecord(session: Session, userId: number): Promise<Record<string, unknown>> {
  const rows = await Promise.all(
    Object.entries(parts).map(async ([name, query]) => [name, await session.text(query, [userId])] as const),
  )
  const { user, ...lists } = Object.fromEntries(rows)
  return { user: user?.[0] ?? null, ...lists }
}
