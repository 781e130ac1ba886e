/** Idempotency keys in Postgres: an advisory lock says "in flight", the row written with the effect says "done". */

import type { Database, Session } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Answer, IdempotencyStore } from '#kernel/idempotency.ts'
import { deleteInSteps } from './stepped-delete.ts'

interface Kept extends Answer {
  readonly fingerprint: Buffer
}

// The lock goes with the transaction, also when this process is killed: nothing stays "in flight" behind it.
const lock = `select pg_try_advisory_xact_lock(hashtextextended($1::text || chr(10) || $2::text, 0)) as "isMine"`
const earlier = `select fingerprint, status, headers, body from idempotency_keys
  where caller = $1 and key = $2 and created_at > now() - interval '24 hours'`
const insert = `insert into idempotency_keys (caller, key, fingerprint, status, headers, body)
  values ($1, $2, $3, $4, $5::text::jsonb, $6)
  on conflict (caller, key) do update set fingerprint = excluded.fingerprint, status = excluded.status,
    headers = excluded.headers, body = excluded.body, created_at = now()`

export const postgresIdempotency: IdempotencyStore = {
  async claim(transaction: Session, { caller, key, fingerprint }) {
    // One round trip for both: the second statement sees what the holder of the lock committed before the first had it.
    const [[locked], [kept]] = await Promise.all([
      transaction.text<{ isMine: boolean }>(lock, [caller, key]),
      transaction.text<Kept>(earlier, [caller, key]),
    ])
    if (!locked?.isMine) {
      const detail = 'The first request with this Idempotency-Key is still running.'
      throw new AppError('idempotency_in_flight', { detail, retryAfterSeconds: 1 })
    }
    if (!kept) return undefined
    if (!kept.fingerprint.equals(fingerprint)) {
      const detail = 'This Idempotency-Key was used for another request.'
      throw new AppError('idempotency_mismatch', { detail })
    }
    return { status: kept.status, headers: kept.headers, body: kept.body }
  },

  async keep(transaction, { caller, key, fingerprint }, { status, headers, body }) {
    await transaction.text(insert, [caller, key, fingerprint, status, JSON.stringify(headers), body])
  },
}

/** Forgets keys older than a day. */
export const forgetOldKeys = (database: Pick<Database, 'autocommit'>, step?: number): Promise<void> =>
  deleteInSteps(database, forget, [], step)

const forget = `delete from idempotency_keys where (caller, key) in (
    select caller, key from idempotency_keys where created_at < now() - interval '24 hours'
    limit $1 for update skip locked)
  returning 1`
