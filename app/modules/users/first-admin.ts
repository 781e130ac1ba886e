/** The first admin, made from outside by who holds the machine: nobody can register as one. */

import type { Session } from '#kernel/database.ts'
import { anonymous } from '#kernel/principal.ts'
import { auditTrail } from '#modules/audit/index.ts'
import { lockAdmins } from './users.store.ts'

export interface FirstAdmin {
  readonly email: string
  readonly name: string
  readonly passwordHash: string
}

/** False, and nothing done, where an admin is active already. */
export async function makeFirstAdmin(
  transaction: Session,
  { email, name, passwordHash }: FirstAdmin,
): Promise<boolean> {
  await lockAdmins(transaction)
  const admins = await transaction.text(
    `select 1 from users where role = 'admin' and is_active and closed_at is null limit 1`,
  )
  if (admins.length > 0) return false
  const [made] = await transaction.text<{ id: number }>(
    `insert into users (email, name, role, tier, password_hash, password_expires_at)
     values ($1, $2, 'admin', 'enterprise', $3, now() + interval '1 day') returning id`,
    [email, name, passwordHash],
  )
  const actor = { principal: anonymous, requestId: 'first-admin', clientAddress: '' }
  await auditTrail.record(transaction, actor, { action: 'users.first-admin', target: `user:${made?.id}` })
  return true
}
