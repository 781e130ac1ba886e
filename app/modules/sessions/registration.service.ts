/** Registration: throttled, hashed before the transaction begins, then one row. A taken address is said to be taken. */

import type { Write } from '#http/write.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import type { Account, UsersStore } from '#modules/users/index.ts'
import type { Passwords } from '#platform/passwords.ts'
import { mustBeGoodPassword } from './password-rules.ts'
import type { Registration } from './sessions.schemas.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'

export interface RegistrationDeps {
  readonly users: UsersStore
  readonly passwords: Passwords
  readonly throttle: SignInThrottle
  readonly audit: AuditTrail
}

/** Checks and hashes; what it resolves with writes the account. */
export type Registering = (
  registration: Registration,
  clientAddress: string,
) => Promise<(write: Write) => Promise<Account>>

/** @throws {AppError} `rate_limited`, `validation_failed`; `already_exists` from the write. */
export const registering =
  ({ users, passwords, throttle, audit }: RegistrationDeps): Registering =>
  async ({ email, name, password }, clientAddress) => {
    await throttle.spendTry(clientAddress)
    mustBeGoodPassword(password, 'password', [email, name])
    const passwordHash = await passwords.hash(password)

    return async (write) => {
      const user = await users.insert(write.transaction, { email, name }, passwordHash)
      write.alsoInvalidate(`user:${user.id}`)
      await audit.record(write.transaction, write, { action: 'users.register', target: `user:${user.id}` })
      const account = await users.byId(write.transaction, user.id)
      if (account === undefined) throw new Error('an account that was just written is gone')
      return account
    }
  }
