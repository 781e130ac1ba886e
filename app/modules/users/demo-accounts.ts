/** The accounts and keys of demo mode, seeded past the usual policy. Outside demo mode their presence refuses the start. */

import { hash } from 'node:crypto'
import * as argon2 from '@node-rs/argon2'
import type { Session } from '#kernel/database.ts'

export const demoKeys: readonly string[] = ['admin-token-dev', 'dummy-token']

const accounts = [
  {
    id: 1,
    email: 'admin@example.com',
    name: 'Demo Admin',
    role: 'admin',
    tier: 'enterprise',
    password: 'admin123',
  },
  { id: 2, email: 'user@example.com', name: 'Demo User', role: 'user', tier: 'free', password: 'user123' },
]

/** What somebody types who tries it. */
export const demoSignIns: readonly { readonly email: string; readonly password: string }[] = accounts.map(
  ({ email, password }) => ({ email, password }),
)

const keys = [
  { secret: 'admin-token-dev', name: 'demo: everything', scopes: ['*'], tier: 'enterprise' },
  { secret: 'dummy-token', name: 'demo: users', scopes: ['users:read', 'users:write'], tier: 'pro' },
]

/**
 * Has new ids begin after those that were given by hand. Never backwards: beside writers that goes on giving out ids that are
 * in use (a second `make run-local` under load had creates fail for it).
 */
export async function passSeeded(session: Session, table: 'users' | 'resources' | 'items'): Promise<void> {
  const sequence = `pg_get_serial_sequence('${table}', 'id')`
  await session.text(
    `select setval(${sequence}, last) from (select max(id) as last from ${table}) given
     where last > coalesce(pg_sequence_last_value(${sequence}::regclass), 0)`,
  )
}

/** Writes what is missing; running it again changes nothing. */
export async function seedDemoAccounts(session: Session): Promise<void> {
  for (const { id, email, name, role, tier, password } of accounts) {
    await session.text(
      `insert into users (id, email, name, role, tier, password_hash) overriding system value
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [
        id,
        email,
        name,
        role,
        tier,
        await argon2.hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
      ],
    )
  }
  await passSeeded(session, 'users')
  for (const { secret, name, scopes, tier } of keys) {
    await session.text(
      `insert into api_keys (owner_id, name, secret_hash, scopes, tier, is_demo)
       values (1, $1, $2, $3::text::text[], $4, true) on conflict (secret_hash) do nothing`,
      [name, hash('sha256', secret, 'buffer'), `{${scopes.join()}}`, tier],
    )
  }
}

const stillDemo = `u.id in (1, 2) and lower(u.email) in ('admin@example.com', 'user@example.com')`

/** Whether an account or key of the demo is still there: then only demo mode may start. */
export async function demoAccountsPresent(session: Session): Promise<boolean> {
  const present = await session.text(
    `select 1 from api_keys where is_demo and revoked_at is null
     union all select 1 from users u where ${stillDemo} and u.closed_at is null limit 1`,
  )
  return present.length > 0
}

/** Removes the demo's keys and closes its accounts, so that what they own keeps an owner. */
export async function purgeDemoAccounts(session: Session): Promise<void> {
  await session.text('delete from api_keys where is_demo')
  await session.text(`delete from sessions s using users u where u.id = s.user_id and ${stillDemo}`)
  await session.text(
    `update users u set email = 'closed-' || id || '@account.invalid', name = 'Closed account', password_hash = null,
       role = 'user', tier = 'free', is_active = false, closed_at = now(), updated_at = now()
     where ${stillDemo} and u.closed_at is null`,
  )
}
