/** Signing in gives nothing away: every branch costs one password check and ends in the same refusal. */

import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Actor, AuditTrail, RefusalTrail } from '#modules/audit/index.ts'
import type { Account, UsersStore } from '#modules/users/index.ts'
import type { Passwords } from '#platform/passwords.ts'
import type { SignIn } from './sessions.schemas.ts'
import type { SessionsStore } from './sessions.store.ts'
import { type SignInThrottle, tooManyTries } from './sign-in-throttle.ts'

export interface SignInDeps {
  readonly database: Database
  readonly users: UsersStore
  readonly sessions: SessionsStore
  readonly passwords: Passwords
  readonly throttle: SignInThrottle
  readonly audit: AuditTrail
  readonly refused: RefusalTrail
  readonly warn: (details: object, message: string) => void
}

/** The account behind the right address and password. @throws {AppError} `invalid_credentials`, `rate_limited` */
export function signIn(deps: SignInDeps) {
  const { database, users, sessions, passwords, throttle, audit, refused, warn } = deps

  // The password was right: a queue that is full, or a write that fails, only leaves this for the next sign-in.
  const rehash = async (account: Account, password: string): Promise<void> => {
    const { passwordHash } = account
    if (passwordHash === null || !passwords.isOutdated(passwordHash)) return
    try {
      const renewed = await passwords.hash(password)
      await users.replaceHash(database.autocommit, account.id, passwordHash, renewed)
    } catch (error) {
      warn({ err: error, userId: account.id }, 'a password is still hashed under old parameters')
    }
  }
  const throttled = (actor: Actor, account?: Account): void =>
    refused.note(actor, { action: 'sessions.throttle', target: targetOf(account) })

  return async ({ email, password }: SignIn, actor: Actor): Promise<Account> => {
    const attempt = await throttle.begin(email, actor.clientAddress).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'rate_limited') throttled(actor)
      throw error
    })
    let hasFailed = false
    try {
      const account = await users.byEmail(email)
      if (attempt.needsKnownAddress) {
        const isKnown = await sessions.isKnownAddress(database, account?.id ?? 0, actor.clientAddress)
        if (!isKnown) {
          throttled(actor, account)
          throw tooManyTries(60)
        }
      }
      const isRight = await passwords.verify(account?.passwordHash, password)
      hasFailed = !(isRight && account?.isActive)
      if (hasFailed || account === undefined) {
        const target = targetOf(account)
        await audit.record(database.autocommit, actor, {
          action: 'sessions.open',
          target,
          outcome: 'refused',
        })
        throw new AppError('invalid_credentials', { detail: 'The email address or the password is wrong.' })
      }
      await rehash(account, password)
      return account
    } finally {
      attempt.settle(hasFailed)
    }
  }
}

const targetOf = (account: Account | undefined): string => (account ? `user:${account.id}` : 'user:unknown')
