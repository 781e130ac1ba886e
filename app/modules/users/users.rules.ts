/** Who may do what to which account. Pure: the service asks before it writes. */

import { forbidden } from '#kernel/errors.ts'
import { expand } from '#kernel/permissions.ts'
import { holdsAll, type Principal } from '#kernel/principal.ts'
import type { Account } from './users.store.ts'

/** The person, signed in. A key of theirs is not: it does what its scopes say. */
export const isOneself = (principal: Principal, userId: number): boolean =>
  principal.kind === 'session' && principal.userId === userId

/** @throws {AppError} `forbidden` */
export function mayRead(principal: Principal, userId: number): void {
  if (principal.userId !== userId && !principal.permissions.has('users:read')) {
    throw forbidden('This needs the permission users:read.')
  }
}

/** Oneself, or users:write on an account that holds nothing the caller lacks. @throws {AppError} `forbidden` */
export function mayWrite(principal: Principal, account: Account, declared: ReadonlySet<string>): void {
  if (isOneself(principal, account.id)) return
  mustHold(principal, 'users:write')
  if (!holdsAll(principal, expand(account.permissions, declared))) {
    throw forbidden('This account holds permissions that you do not.')
  }
}

/** @throws {AppError} `forbidden` */
export function mustHold(principal: Principal, permission: string): void {
  if (!principal.permissions.has(permission)) throw forbidden(`This needs the permission ${permission}.`)
}

/** Nobody grants what they lack. @throws {AppError} `forbidden` */
export function mayGrant(
  principal: Principal,
  granted: readonly string[],
  declared: ReadonlySet<string>,
): void {
  if (!holdsAll(principal, expand(granted, declared))) {
    throw forbidden('This would grant permissions that you do not hold.')
  }
}
