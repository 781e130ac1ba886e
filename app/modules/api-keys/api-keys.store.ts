/** The SQL of API keys. Only the hash of a key is ever here. */

import type { Session } from '#kernel/database.ts'
import type { Tier } from '#kernel/principal.ts'
import { onlyRow } from '#platform/rows.ts'
import { apiKeyHash, newApiKey } from './api-key.ts'
import type { ApiKey, ShownApiKey } from './api-keys.schemas.ts'

/** What a key lets its bearer do, and what its account holds now. */
export interface KeyGrant {
  readonly id: number
  readonly ownerId: number
  readonly role: string
  readonly scopes: readonly string[]
  readonly permissions: readonly string[]
  readonly keyTier: Tier | null
  readonly accountTier: Tier
  readonly limitPerMinute: number | null
  readonly expiresAt: string | null
  readonly isDemo: boolean
}

export interface KeyValues {
  readonly ownerId: number
  /** The key that asks for it; null for a session. */
  readonly madeBy: number | null
  readonly name: string
  readonly scopes: readonly string[]
  readonly tier: string | null
  readonly limitPerMinute: number | null
  readonly expiresAt: string | null
}

const columns = 'id, name, scopes, tier, limit_per_minute, created_at, expires_at, last_used_at'
const isInForce = 'revoked_at is null and (expires_at is null or expires_at > now())'
const array = (values: readonly string[]): string =>
  `{${values.map((value) => JSON.stringify(value)).join()}}`

export const apiKeysStore = {
  grant: async (session: Session, key: string): Promise<KeyGrant | undefined> =>
    (
      await session.text<KeyGrant>(
        `select k.id, k.owner_id, u.role, k.scopes, r.permissions, k.tier as key_tier, u.tier as account_tier,
           k.limit_per_minute,
           k.expires_at, k.is_demo
         from api_keys k join users u on u.id = k.owner_id join roles r on r.name = u.role
         where k.secret_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
           and u.is_active and u.closed_at is null`,
        [apiKeyHash(key)],
      )
    )[0],

  list: (session: Session, ownerId: number): Promise<ApiKey[]> =>
    session.text<ApiKey>(
      `select ${columns} from api_keys where owner_id = $1 and ${isInForce} order by id limit 200`,
      [ownerId],
    ),

  async insert(
    transaction: Session,
    { ownerId, madeBy, name, scopes, tier, limitPerMinute, expiresAt }: KeyValues,
  ): Promise<ShownApiKey> {
    const [next] = await transaction.text<{ id: number }>(
      `select nextval(pg_get_serial_sequence('api_keys', 'id')) as id`,
    )
    const key = newApiKey(next?.id ?? 0)
    const rows = await transaction.text<ApiKey>(
      `insert into api_keys (id, owner_id, name, secret_hash, scopes, tier, expires_at, limit_per_minute, made_by)
       overriding system value
       values ($1, $2, $3, $4, $5::text::text[], $6, $7::text::timestamptz, $8, $9) returning ${columns}`,
      [next?.id ?? 0, ownerId, name, apiKeyHash(key), array(scopes), tier, expiresAt, limitPerMinute, madeBy],
    )
    return { ...onlyRow(rows), key }
  },

  lock: async (transaction: Session, id: number, ownerId: number): Promise<ApiKey | undefined> =>
    (
      await transaction.text<ApiKey>(
        `select ${columns} from api_keys where id = $1 and owner_id = $2 and ${isInForce} for update`,
        [id, ownerId],
      )
    )[0],

  count: async (transaction: Session, ownerId: number): Promise<number> =>
    (
      await transaction.text<{ count: number }>(
        `select count(*) as count from api_keys where owner_id = $1 and ${isInForce}`,
        [ownerId],
      )
    )[0]?.count ?? 0,

  /** Ends the key and those it made, and those they made: whoever leaked one may not stay by another. Returns them all. */
  revoke: async (transaction: Session, id: number): Promise<number[]> => {
    const ended = await transaction.text<{ id: number }>(
      `with recursive family as (
         select $1::bigint as id
         union select made.id from api_keys made join family on made.made_by = family.id
       )
       update api_keys set revoked_at = coalesce(revoked_at, now()) where id in (select id from family) returning id`,
      [id],
    )
    return ended.map((key) => key.id)
  },

  endWithin: async (transaction: Session, id: number, seconds: number): Promise<void> => {
    await transaction.text(
      `update api_keys set expires_at = least(expires_at, now() + $2 * interval '1 second') where id = $1`,
      [id, seconds],
    )
  },

  touch: async (session: Session, ids: readonly number[]): Promise<void> => {
    await session.text('update api_keys set last_used_at = now() where id = any($1::text::bigint[])', [
      `{${ids.join()}}`,
    ])
  },
}
