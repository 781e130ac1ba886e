/** Tokens a person receives once, to set a password: an invitation to a new account, or a reset. Only hashes are kept. */

import { hash, randomBytes } from 'node:crypto'
import type { Session } from '#kernel/database.ts'

export type AccountTokenPurpose = 'invitation' | 'reset'

export interface AccountToken {
  readonly token: string
  readonly expiresAt: string
}

const lives: Record<AccountTokenPurpose, string> = { invitation: '7 days', reset: '30 minutes' }

const digest = (token: string): Buffer => hash('sha256', token, 'buffer')

/** Makes a token; the ones made before for the same purpose stop working. */
export async function issueAccountToken(
  transaction: Session,
  userId: number,
  purpose: AccountTokenPurpose,
): Promise<AccountToken> {
  const token = randomBytes(32).toString('base64url')
  await transaction.text('delete from account_tokens where user_id = $1 and purpose = $2', [userId, purpose])
  const [made] = await transaction.text<{ expiresAt: string }>(
    `insert into account_tokens (token_hash, user_id, purpose, expires_at)
     values ($1, $2, $3, now() + $4::text::interval) returning expires_at`,
    [digest(token), userId, purpose, lives[purpose]],
  )
  return { token, expiresAt: made?.expiresAt ?? '' }
}

/** Uses a token up, whichever its purpose: the account it is for, or undefined. Atomic, so it works once. */
export async function redeemAccountToken(
  transaction: Session,
  token: string,
): Promise<{ userId: number; purpose: AccountTokenPurpose } | undefined> {
  const [redeemed] = await transaction.text<{ userId: number; purpose: AccountTokenPurpose }>(
    'delete from account_tokens where token_hash = $1 and expires_at > now() returning user_id, purpose',
    [digest(token)],
  )
  return redeemed
}
