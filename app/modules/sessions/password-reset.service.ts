/** A first or a new password, for who holds a token that was sent to them. Asking for one tells nothing. */

import type { Revoke } from '#http/revoke.ts'
import type { Write } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Actor, AuditTrail } from '#modules/audit/index.ts'
import { issueAccountToken, redeemAccountToken, type UsersStore } from '#modules/users/index.ts'
import type { Passwords } from '#platform/passwords.ts'
import type { Deliver } from './delivery.ts'
import { mustBeGoodPassword } from './password-rules.ts'
import type { SessionsStore } from './sessions.store.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'

export interface PasswordResetDeps {
  readonly database: Database
  readonly cache: Cache
  readonly users: UsersStore
  readonly sessions: SessionsStore
  readonly passwords: Passwords
  readonly throttle: SignInThrottle
  readonly audit: AuditTrail
  readonly revoke: Revoke
  readonly deliver: Deliver
  readonly warn: (details: object, message: string) => void
}

export function passwordReset(deps: PasswordResetDeps) {
  const { database, users, sessions, passwords, throttle, audit, revoke, deliver, warn } = deps

  const issue = async (email: string, actor: Actor): Promise<void> => {
    const account = await users.byEmail(email)
    if (!account?.isActive) return
    try {
      const issued = await database.transaction(async (transaction) => {
        await audit.record(transaction, actor, { action: 'users.ask-reset', target: `user:${account.id}` })
        return issueAccountToken(transaction, account.id, 'reset')
      })
      await deliver({ to: account.email, purpose: 'reset', ...issued })
    } catch (error) {
      undelivered(error, actor, account.id)
    }
  }
  // Of the error its code alone: the text of one that a mail server sent may quote the message, and so the token.
  const undelivered = (error: unknown, { requestId }: Actor, userId?: number): void =>
    warn({ code: codeOf(error), requestId, userId }, 'a reset token was asked for and not delivered')

  return {
    /** Answers before it looks for the account: the time is the same whether there is one. */
    async ask(email: string, actor: Actor): Promise<void> {
      await throttle.spendTry(actor.clientAddress)
      issue(email, actor).catch((error: unknown) => undelivered(error, actor))
    },

    /** Checks and hashes; what it resolves with uses the token up and writes. @throws {AppError} `rate_limited` */
    async set(
      token: string,
      password: string,
      clientAddress: string,
    ): Promise<(write: Write) => Promise<void>> {
      await throttle.spendTry(clientAddress)
      mustBeGoodPassword(password, 'password', [])
      const hash = await passwords.hash(password)
      return async (write) => {
        const { transaction } = write
        const redeemed = await redeemAccountToken(transaction, token)
        const account = redeemed && (await users.lock(transaction, redeemed.userId))
        if (!redeemed || !account?.isActive) {
          throw new AppError('invalid_token', { detail: 'The token is not valid, or no longer.' })
        }
        await users.setPassword(transaction, account.id, hash)
        const ended = await sessions.endAll(transaction, account.id, 0, 'password_changed')
        if (ended.length > 0) await revoke(write, ...ended.map((id) => `session:${id}`))
        await audit.record(transaction, write, {
          action: 'users.set-password',
          target: `user:${account.id}`,
          details: { by: redeemed.purpose },
        })
      }
    },
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? String('code' in error ? error.code : error.name) : 'unknown'

export type PasswordReset = ReturnType<typeof passwordReset>
