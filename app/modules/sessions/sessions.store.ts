/** The SQL of sessions. A session is a family of refresh tokens, of which the current and the one before are known. */

import type { Session as Connection } from '#kernel/database.ts'
import type { Tier } from '#kernel/principal.ts'
import { refreshHash } from './refresh-token.ts'

export interface SessionLives {
  /** A session ends when it was not refreshed for this long. */
  readonly idleSeconds: number
  /** And at this age in any case. */
  readonly maxAgeSeconds: number
}

export interface Device {
  readonly userAgent: string
  readonly address: string
}

/** What a session lets its account do, as it is now. */
export interface SessionGrant {
  readonly userId: number
  readonly role: string
  readonly tier: Tier
  readonly permissions: readonly string[]
}

export interface SessionRow {
  readonly id: number
  readonly userAgent: string
  readonly address: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly endedAt: string | null
  readonly endReason: string | null
}

export type EndReason = 'signed_out' | 'ended_by_owner' | 'password_changed' | 'refresh_token_reused'

// Retries of a client whose answer was lost are not theft: for this long the previous token gets the same successor.
const retryWindow = `interval '10 seconds'`

export function sessionsStore({ idleSeconds, maxAgeSeconds }: SessionLives) {
  const isOpen = `s.ended_at is null and s.last_used_at > now() - interval '${idleSeconds} seconds'
    and s.created_at > now() - interval '${maxAgeSeconds} seconds'`
  const columns = 'id, user_agent, address, created_at, last_used_at, ended_at, end_reason'

  return {
    /** A new row for a session whose first refresh token `tokenOf` makes from its id. */
    async open(
      transaction: Connection,
      userId: number,
      device: Device,
      tokenOf: (id: number) => string,
    ): Promise<{ id: number; refreshToken: string }> {
      const [next] = await transaction.text<{ id: number }>(
        `select nextval(pg_get_serial_sequence('sessions', 'id')) as id`,
      )
      const id = next?.id ?? 0
      const refreshToken = tokenOf(id)
      await transaction.text(
        `insert into sessions (id, user_id, refresh_hash, user_agent, address) overriding system value
         values ($1, $2, $3, $4, $5)`,
        [id, userId, refreshHash(refreshToken), device.userAgent.slice(0, 300), device.address],
      )
      return { id, refreshToken }
    },

    /** One statement, so that of two with the same token one wins. False when `token` is not the current one. */
    async rotate(transaction: Connection, id: number, token: string, successor: string): Promise<boolean> {
      const rotated = await transaction.text(
        `update sessions s set previous_refresh_hash = refresh_hash, refresh_hash = $3, rotated_at = now(),
           last_used_at = now() where s.id = $1 and s.refresh_hash = $2 and ${isOpen} returning 1`,
        [id, refreshHash(token), refreshHash(successor)],
      )
      return rotated.length > 0
    },

    /** Why a genuine token is not the current one: just replaced, used again later, or of a session that is over. */
    async whyNotCurrent(
      transaction: Connection,
      id: number,
      token: string,
    ): Promise<'retry' | 'reuse' | 'over'> {
      const [found] = await transaction.text<{ isRetry: boolean }>(
        `select coalesce(s.previous_refresh_hash = $2 and s.rotated_at > now() - ${retryWindow}, false) as is_retry
         from sessions s where s.id = $1 and ${isOpen} for update`,
        [id, refreshHash(token)],
      )
      if (!found) return 'over'
      return found.isRetry ? 'retry' : 'reuse'
    },

    grant: async (session: Connection, id: number, userId: number): Promise<SessionGrant | undefined> =>
      (
        await session.text<SessionGrant>(
          `select u.id as user_id, u.role, u.tier, r.permissions
           from sessions s join users u on u.id = s.user_id join roles r on r.name = u.role
           where s.id = $1 and s.user_id = $2 and u.is_active and u.closed_at is null and ${isOpen}`,
          [id, userId],
        )
      )[0],

    /** Open ones, and for a month those that ended because somebody else used their token. */
    list: (session: Connection, userId: number): Promise<SessionRow[]> =>
      session.text<SessionRow>(
        `select ${columns} from sessions s where s.user_id = $1 and (${isOpen}
           or (s.end_reason = 'refresh_token_reused' and s.ended_at > now() - interval '30 days'))
         order by s.last_used_at desc, s.id desc limit 100`,
        [userId],
      ),

    /** Ends one; false when it is not there, not theirs or over. */
    async end(transaction: Connection, id: number, userId: number, reason: EndReason): Promise<boolean> {
      const ended = await transaction.text(
        'update sessions set ended_at = now(), end_reason = $3 where id = $1 and user_id = $2 and ended_at is null returning 1',
        [id, userId, reason],
      )
      return ended.length > 0
    },

    /** Ends all but `except` (0 for none); their ids. */
    async endAll(
      transaction: Connection,
      userId: number,
      except: number,
      reason: EndReason,
    ): Promise<number[]> {
      const ended = await transaction.text<{ id: number }>(
        `update sessions set ended_at = now(), end_reason = $3
         where user_id = $1 and id <> $2 and ended_at is null returning id`,
        [userId, except, reason],
      )
      return ended.map(({ id }) => id)
    },

    /** Ends the session of a token that was used twice; whose it was. */
    async endFamily(transaction: Connection, id: number): Promise<number> {
      const [ended] = await transaction.text<{ userId: number }>(
        `update sessions set ended_at = now(), end_reason = 'refresh_token_reused' where id = $1 returning user_id`,
        [id],
      )
      return ended?.userId ?? 0
    },

    userOf: async (session: Connection, id: number): Promise<number> =>
      (await session.text<{ userId: number }>('select user_id from sessions where id = $1', [id]))[0]
        ?.userId ?? 0,

    /** Whether the account has been signed in from `address` before. */
    isKnownAddress: async (session: Connection, userId: number, address: string): Promise<boolean> =>
      (
        await session.text('select 1 from sessions where user_id = $1 and address = $2 limit 1', [
          userId,
          address,
        ])
      ).length > 0,
  }
}

export type SessionsStore = ReturnType<typeof sessionsStore>
