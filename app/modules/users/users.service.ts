/** The rules of accounts: who may change which, what goes with a change, and that an admin always remains. */

import { matches } from '#http/representation.ts'
import type { Revoke } from '#http/revoke.ts'
import type { Write } from '#http/write.ts'
import { AppError, notFound, preconditionFailed } from '#kernel/errors.ts'
import type { Representation } from '#kernel/representation.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import { issueAccountToken } from './account-tokens.ts'
import { isOneself, mayGrant, mayWrite, mustHold } from './users.rules.ts'
import type { InvitedUser, NewUser, User, UserChanges } from './users.schemas.ts'
import type { Account, UsersStore } from './users.store.ts'

export interface UsersServiceDeps {
  readonly store: UsersStore
  readonly audit: AuditTrail
  readonly revoke: Revoke
  /** Every permission of every module. */
  readonly declared: ReadonlySet<string>
  readonly represent: (user: User) => Representation
}

export function usersService({ store, audit, revoke, declared, represent }: UsersServiceDeps) {
  const mayAssignRole = async (write: Write, role: string): Promise<void> => {
    mustHold(write.principal, 'roles:assign')
    const [found] = await write.transaction.text<{ permissions: string[] }>(
      'select permissions from roles where name = $1',
      [role],
    )
    // An unknown role grants nothing; the foreign key refuses it.
    if (found) mayGrant(write.principal, found.permissions, declared)
  }

  const lockForChange = async (write: Write, id: number): Promise<Account> => {
    if (!isOneself(write.principal, id)) mustHold(write.principal, 'users:write')
    const account = await store.lock(write.transaction, id)
    if (!account) throw notFound('user', id)
    mayWrite(write.principal, account, declared)
    if (write.ifMatch !== undefined && !matches(write.ifMatch, represent(account).etag)) {
      throw preconditionFailed()
    }
    return account
  }

  const anAdminRemains = async (write: Write, account: Account): Promise<void> => {
    if (account.role !== 'admin' || !account.isActive) return
    if (!(await store.hasOtherAdmin(write.transaction, account.id))) {
      throw new AppError('last_admin', { detail: 'This is the last admin: make another one first.' })
    }
  }

  const change = async (write: Write, account: Account, changes: UserChanges): Promise<User> => {
    const { id } = account
    const isNew = (member: keyof UserChanges) =>
      changes[member] !== undefined && changes[member] !== account[member]
    if (isNew('role') || isNew('tier')) mustHold(write.principal, 'roles:assign')
    if (changes.role !== undefined && isNew('role')) await mayAssignRole(write, changes.role)
    // An address is what a password can be reset through, so a session alone does not change one's own.
    if (isNew('email') || isNew('isActive')) mustHold(write.principal, 'users:write')
    if (isNew('role') || changes.isActive === false) await anAdminRemains(write, account)
    const user = await store.update(write.transaction, id, changes)
    if (changes.isActive === false) await store.endSessions(write.transaction, id, 'account_disabled')
    if (isNew('email')) await store.endResets(write.transaction, id)
    if (isNew('name')) write.alsoInvalidate('user-names')
    if (isNew('role') || isNew('tier') || isNew('isActive')) await revoke(write, `user:${id}`)
    const members = Object.keys(changes).filter((member) => isNew(member as keyof UserChanges))
    const { role, tier, isActive } = changes
    await audit.record(write.transaction, write, {
      action: 'users.change',
      target: `user:${id}`,
      details: { members, role, tier, isActive },
    })
    return user
  }

  const invite = async (write: Write, body: NewUser): Promise<InvitedUser> => {
    if (body.role !== undefined && body.role !== 'user') await mayAssignRole(write, body.role)
    if (body.tier !== undefined && body.tier !== 'free') mustHold(write.principal, 'roles:assign')
    const user = await store.insert(write.transaction, body, null)
    const { token, expiresAt } = await issueAccountToken(write.transaction, user.id, 'invitation')
    const { role, tier } = user
    await audit.record(write.transaction, write, {
      action: 'users.create',
      target: `user:${user.id}`,
      details: { role, tier },
    })
    write.alsoInvalidate(`user:${user.id}`)
    return { ...user, invitationToken: token, invitationExpiresAt: expiresAt }
  }

  return {
    invite,

    /** All or none. */
    async inviteAll(write: Write, bodies: readonly NewUser[]): Promise<InvitedUser[]> {
      const invited: InvitedUser[] = []
      for (const body of bodies) invited.push(await invite(write, body))
      return invited
    },

    change: async (write: Write, id: number, changes: UserChanges): Promise<User> =>
      change(write, await lockForChange(write, id), changes),

    /** Ends the account: the person is forgotten, what they made and the audit trail stay. */
    async close(write: Write, id: number): Promise<void> {
      const account = await lockForChange(write, id)
      await anAdminRemains(write, account)
      await store.anonymise(write.transaction, id)
      await revoke(write, `user:${id}`)
      write.alsoInvalidate('user-names')
      await audit.record(write.transaction, write, { action: 'users.close', target: `user:${id}` })
    },
  }
}

export type UsersService = ReturnType<typeof usersService>
