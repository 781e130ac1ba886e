/** A person and their own account. Only a session is a person: a key of theirs reads, and changes nothing here. */

import { representationOf } from '#http/representation.ts'
import type { Write } from '#http/write.ts'
import type { Database } from '#kernel/database.ts'
import { AppError, notFound } from '#kernel/errors.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import type { Principal, Tier } from '#kernel/principal.ts'
import type { Representation } from '#kernel/representation.ts'
import type { Actor, AuditTrail } from '#modules/audit/index.ts'
import type { Account, UsersService, UsersStore } from '#modules/users/index.ts'
import type { Passwords } from '#platform/passwords.ts'
import { mustBeGoodPassword } from './password-rules.ts'
import { personalRecord } from './personal-record.ts'
import { Me, type PasswordChange } from './sessions.schemas.ts'
import { mustBeSession, type SessionsService } from './sessions.service.ts'
import type { SessionsStore } from './sessions.store.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'

export interface MeServiceDeps {
  readonly database: Database
  readonly users: UsersStore
  readonly accounts: UsersService
  readonly sessions: SessionsStore
  readonly service: SessionsService
  readonly passwords: Passwords
  readonly throttle: SignInThrottle
  readonly audit: AuditTrail
  readonly policies: Readonly<Record<Tier, Policy>>
}

export function meService(deps: MeServiceDeps) {
  const { database, users, accounts, sessions, service, passwords, throttle, audit, policies } = deps
  const wire = representationOf(Me)

  const view = (user: Account, { tier, permissions, own }: Principal) => {
    const { name, capacity, windowSeconds } = own?.policy ?? policies[tier]
    return {
      user,
      tier,
      permissions: [...permissions].sort(),
      rateLimit: { policy: name, limit: capacity, windowSeconds },
    }
  }
  const accountOf = async ({ userId }: Principal, session = database as Pick<Database, 'run' | 'text'>) => {
    const account = await users.byId(session, userId)
    if (!account) throw notFound('user', userId)
    return account
  }

  return {
    read: async (principal: Principal) => view(await accountOf(principal), principal),

    async rename(write: Write, name: string): Promise<Representation> {
      mustBeSession(write)
      await accounts.change(write, write.principal.userId, { name })
      return wire(view(await accountOf(write.principal, write.transaction), write.principal))
    },

    async close(write: Write): Promise<void> {
      mustBeSession(write)
      await accounts.close(write, write.principal.userId)
    },

    export: async (principal: Principal) => {
      mustBeSession({ principal })
      return personalRecord(database, principal.userId)
    },

    sessions: async (principal: Principal) => {
      mustBeSession({ principal })
      const rows = await sessions.list(database, principal.userId)
      return { data: rows.map((row) => ({ ...row, isCurrent: row.id === principal.credentialId })) }
    },

    /** Checks the current password and hashes the new one; what it resolves with writes it and ends the other sessions. */
    async checkedPassword(
      { principal, id, clientAddress }: Pick<Actor, 'principal' | 'clientAddress'> & { id: string },
      { currentPassword, newPassword }: PasswordChange,
    ): Promise<(write: Write) => Promise<void>> {
      mustBeSession({ principal })
      const { email, name, passwordHash } = await accountOf(principal)
      const attempt = await throttle.begin(email, clientAddress)
      const isRight = await passwords.verify(passwordHash, currentPassword).catch((error: unknown) => {
        attempt.settle(false)
        throw error
      })
      attempt.settle(!isRight)
      const target = `user:${principal.userId}`
      if (!isRight) {
        const actor = { principal, requestId: id, clientAddress }
        await audit.record(database.autocommit, actor, {
          action: 'users.change-password',
          target,
          outcome: 'refused',
        })
        throw new AppError('forbidden', { detail: 'The current password is wrong.' })
      }
      mustBeGoodPassword(newPassword, 'newPassword', [email, name])
      const hash = await passwords.hash(newPassword)
      return async (write) => {
        await users.setPassword(write.transaction, principal.userId, hash)
        await service.endAll(write, 'password_changed', principal.credentialId)
        await audit.record(write.transaction, write, { action: 'users.change-password', target })
      }
    },
  }
}

export type MeService = ReturnType<typeof meService>
