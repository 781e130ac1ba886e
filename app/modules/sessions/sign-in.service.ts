/** Signing in gives nothing away: every branch costs one password check and ends in the same refusal. */

import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Actor, AuditTrail } from '#modules/audit/index.ts'
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
}

/** The account behind the right address and password. @throws {AppError} `invalid_credentials`, `rate_limited` */
export function signIn({ database, users, sessions, passwords, throttle, audit }: SignInDeps) {
  const rehash = async (account: Account, password: string): Promise<void> => {
    const { passwordHash } = account
    if (passwordHash === null || !passwords.isOutdated(passwordHash)) return
    await users.replaceHash(database, account.id, passwordHash, await passwords.hash(password))
  }

  return async ({ email, password }: SignIn, actor: Actor): Promise<Account> => {
    const attempt = await throttle.begin(email, actor.clientAddress)
    let hasFailed = false
    try {
      const account = await users.byEmail(email)
      if (attempt.needsKnownAddress) {
        const isKnown = await sessions.isKnownAddress(database, account?.id ?? 0, actor.clientAddress)
        if (!isKnown) throw tooManyTries(60)
      }
      const isRight = await passwords.verify(account?.passwordHash, password)
      hasFailed = !(isRight && account?.isActive)
      if (hasFailed || account === undefined) {
        const target = account ? `user:${account.id}` : 'user:unknown'
        await audit.record(database, actor, { action: 'sessions.open', target, outcome: 'refused' })
        throw new AppError('invalid_credentials', { detail: 'The email address or the password is wrong.' })
      }
      await rehash(account, password)
      return account
    } finally {
      attempt.settle(hasFailed)
    }
  }
}
