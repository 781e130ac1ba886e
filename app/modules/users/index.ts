/** Accounts: who there is, what role and tier they have. Signing in is the business of `sessions`. */

import { Type } from 'typebox'
import { canonical, type ListQuery } from '#http/list-query.ts'
import { representationOf } from '#http/representation.ts'
import type { Revoke } from '#http/revoke.ts'
import type { Writes } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import type { Waiter } from '#kernel/deadline.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import { usersRoutes } from './users.routes.ts'
import { InvitedUser, User } from './users.schemas.ts'
import { usersService } from './users.service.ts'
import { usersStore } from './users.store.ts'

export { type AccountTokenPurpose, issueAccountToken, redeemAccountToken } from './account-tokens.ts'
export {
  demoAccountsPresent,
  demoKeys,
  demoSignIns,
  passSeeded,
  purgeDemoAccounts,
  seedDemoAccounts,
} from './demo-accounts.ts'
export { makeFirstAdmin } from './first-admin.ts'
export { mayGrant } from './users.rules.ts'
export { AccountTier, Email, NewUser, PersonName, RoleName, User } from './users.schemas.ts'
export type { UsersService } from './users.service.ts'
export type { Account, UsersStore } from './users.store.ts'

export interface UsersDeps {
  readonly database: Database
  readonly cache: Cache
  readonly write: Writes
  readonly audit: AuditTrail
  readonly revoke: Revoke
  /** Every permission of every module; complete before the first request. */
  readonly declared: ReadonlySet<string>
}

export function users({ database, cache, write, audit, revoke, declared }: UsersDeps) {
  const store = usersStore(database)
  const wireOne = representationOf(User)
  const wirePage = representationOf(
    Type.Object({
      data: Type.Array(User),
      pagination: Type.Object({
        limit: Type.Integer(),
        nextCursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      }),
    }),
  )
  const wireInvited = representationOf(InvitedUser)
  const wireAllInvited = representationOf(Type.Object({ data: Type.Array(InvitedUser) }))

  const reads = {
    one: (id: number) =>
      cache.through(`user:${id}`, async () => {
        const user = await store.one(id)
        return user && wireOne(user)
      }),
    list: (query: ListQuery, waiter?: Waiter) =>
      cache.through(
        `users?${canonical(query)}`,
        async (signal) => {
          const { rows, nextCursor } = await store.page(database, query, signal)
          const page = wirePage({ data: rows, pagination: { limit: query.limit, nextCursor } })
          return nextCursor === null ? page : { ...page, next: nextCursor }
        },
        { tags: ['users'] },
        waiter,
      ),
  }
  const service = usersService({ store, audit, revoke, declared, represent: wireOne })
  const represent = {
    one: wireOne,
    invited: wireInvited,
    allInvited: (data: readonly InvitedUser[]) => wireAllInvited({ data: [...data] }),
  }
  return {
    permissions: ['users:read', 'users:write', 'roles:assign'] as const,
    routes: usersRoutes({ service, reads, represent, write }),
    service,
    store,
  }
}
