/** The SQL of accounts. A closed one is found by none of these. */

import { getTableColumns, isNull } from 'drizzle-orm'
import { batched } from '#kernel/batch.ts'
import type { Session } from '#kernel/database.ts'
import { AppError, alreadyExists } from '#kernel/errors.ts'
import { pagesOf } from '#platform/pages.ts'
import { ConstraintError } from '#platform/postgres-errors.ts'
import { onlyRow } from '#platform/rows.ts'
import type { NewUser, User, UserChanges } from './users.schemas.ts'
import { usersTable } from './users.table.ts'

/** An account with what only the inside may see. */
export interface Account extends User {
  readonly passwordHash: string | null
  /** What its role grants, as it is written there. */
  readonly permissions: readonly string[]
}

const columns = 'id, email, name, role, tier, is_active, created_at, updated_at'
const account = `select ${columns.replaceAll(/(\w+)/g, 'u.$1')}, 
  case when u.password_expires_at < now() then null else u.password_hash end as password_hash, r.permissions
  from users u join roles r on r.name = u.role where u.closed_at is null`

const { passwordHash: _hash, closedAt: _closed, ...shown } = getTableColumns(usersTable)

export function usersStore(pool: Session) {
  return {
    one: batched<number, User>(
      async (ids) => {
        const rows = await pool.text<User>(
          `select ${columns} from users where id = any($1::bigint[]) and closed_at is null`,
          [`{${ids.join()}}`],
        )
        return new Map(rows.map((row) => [row.id, row]))
      },
      (flush) => setImmediate(flush),
    ),

    page: pagesOf<User>({
      table: usersTable,
      columns: shown,
      id: usersTable.id,
      sorts: { createdAt: usersTable.createdAt, name: usersTable.name, email: usersTable.email },
      filters: { role: usersTable.role, tier: usersTable.tier, email: usersTable.email },
      where: isNull(usersTable.closedAt),
    }),

    byEmail: async (email: string): Promise<Account | undefined> =>
      (await pool.text<Account>(`${account} and lower(u.email) = lower($1)`, [email]))[0],

    byId: async (session: Session, id: number): Promise<Account | undefined> =>
      (await session.text<Account>(`${account} and u.id = $1`, [id]))[0],

    /** The account as it is now, locked until the transaction ends. */
    lock: async (transaction: Session, id: number): Promise<Account | undefined> =>
      (await transaction.text<Account>(`${account} and u.id = $1 for update of u`, [id]))[0],

    /** @throws {AppError} `already_exists` for a taken address, `validation_failed` for an unknown role. */
    insert: (transaction: Session, user: NewUser, passwordHash: string | null): Promise<User> =>
      only(
        transaction.text<User>(
          `insert into users (email, name, role, tier, password_hash) values ($1, $2, $3, $4, $5) returning ${columns}`,
          [user.email, user.name, user.role ?? 'user', user.tier ?? 'free', passwordHash],
        ),
      ),

    /** @throws {AppError} as `insert`. */
    update: (transaction: Session, id: number, changes: UserChanges): Promise<User> =>
      only(
        transaction.text<User>(
          `update users set name = coalesce($2, name), email = coalesce($3, email), role = coalesce($4, role),
             tier = coalesce($5, tier), is_active = coalesce($6, is_active), updated_at = now()
           where id = $1 returning ${columns}`,
          [
            id,
            changes.name ?? null,
            changes.email ?? null,
            changes.role ?? null,
            changes.tier ?? null,
            changes.isActive ?? null,
          ],
        ),
      ),

    /** Tokens that were sent to set another one stop working: whoever still holds one does not get in after this. */
    setPassword: async (transaction: Session, id: number, passwordHash: string): Promise<void> => {
      await transaction.text(
        'update users set password_hash = $2, password_expires_at = null, updated_at = now() where id = $1',
        [id, passwordHash],
      )
      await transaction.text('delete from account_tokens where user_id = $1', [id])
    },

    /** A reset was sent to an address: it is worth nothing when the account has another. */
    endResets: async (transaction: Session, id: number): Promise<void> => {
      await transaction.text(`delete from account_tokens where user_id = $1 and purpose = 'reset'`, [id])
    },

    /** Only while the hash is still `old`: a rehash must not undo a change of password. */
    replaceHash: async (session: Session, id: number, old: string, passwordHash: string): Promise<void> => {
      await session.text('update users set password_hash = $3 where id = $1 and password_hash = $2', [
        id,
        old,
        passwordHash,
      ])
    },

    /** Whether an active admin other than `id` remains. */
    hasOtherAdmin: async (transaction: Session, id: number): Promise<boolean> => {
      await lockAdmins(transaction)
      const others = await transaction.text(
        `select 1 from users where role = 'admin' and is_active and closed_at is null and id <> $1 limit 1`,
        [id],
      )
      return others.length > 0
    },

    endSessions: async (transaction: Session, id: number, reason: string): Promise<void> => {
      await transaction.text(
        'update sessions set ended_at = now(), end_reason = $2 where user_id = $1 and ended_at is null',
        [id, reason],
      )
    },

    /** What a person leaves behind: a row without a person, so that what they made keeps an owner. */
    anonymise: async (transaction: Session, id: number): Promise<void> => {
      await transaction.text(
        `update users set email = 'closed-' || id || '@account.invalid', name = 'Closed account', password_hash = null,
           role = 'user', tier = 'free', is_active = false, closed_at = now(), updated_at = now() where id = $1`,
        [id],
      )
      await transaction.text(
        `update sessions set ended_at = coalesce(ended_at, now()), end_reason = coalesce(end_reason, 'account_closed'),
           user_agent = '', address = '' where user_id = $1`,
        [id],
      )
      await transaction.text(
        `update api_keys set revoked_at = coalesce(revoked_at, now()), name = 'closed' where owner_id = $1`,
        [id],
      )
      await transaction.text('delete from account_tokens where user_id = $1', [id])
    },
  }
}

export type UsersStore = ReturnType<typeof usersStore>

/** Until the transaction ends: removals of admins wait for each other, or two could be the last; so do first admins. */
export async function lockAdmins(transaction: Session): Promise<void> {
  await transaction.text('select pg_advisory_xact_lock(7230012)')
}

async function only(running: Promise<User[]>): Promise<User> {
  const rows = await running.catch((error: unknown) => {
    throw refusalOf(error)
  })
  return onlyRow(rows)
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ConstraintError)) return error
  if (error.constraint === 'users_email_key') return alreadyExists('address', 'email')
  if (error.constraint === 'users_role_fkey') {
    return new AppError('validation_failed', {
      detail: 'There is no such role.',
      fields: [{ path: 'role', message: 'is not a role' }],
    })
  }
  return error
}
