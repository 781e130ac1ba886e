/** The addresses of accounts as admins, and keys with users:read and users:write, see them. */

import type { FastifyInstance } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { anyPrincipal } from '#http/authorize.ts'
import { type ListQuery, listOf, listQuery, readListQuery } from '#http/list-query.ts'
import { sendRead } from '#http/read.ts'
import { idParams, refusals } from '#http/schemas.ts'
import type { Writes } from '#http/write.ts'
import type { CacheRead } from '#kernel/cache/cache.ts'
import type { Waiter } from '#kernel/deadline.ts'
import type { Representation } from '#kernel/representation.ts'
import { mayRead } from './users.rules.ts'
import { AccountTier, Email, InvitedUser, NewUser, RoleName, User, UserChanges } from './users.schemas.ts'
import type { UsersService } from './users.service.ts'

export interface UsersRoutesDeps {
  readonly service: UsersService
  readonly reads: {
    one(id: number): CacheRead | Promise<CacheRead>
    list(query: ListQuery, waiter?: Waiter): CacheRead | Promise<CacheRead>
  }
  readonly represent: {
    one(user: User): Representation
    invited(user: InvitedUser): Representation
    allInvited(users: readonly InvitedUser[]): Representation
  }
  readonly write: Writes
}

interface One {
  Params: { id: number }
}

const path = '/api/v1/users'
const query = listQuery(
  ['createdAt', 'name', 'email'],
  { role: RoleName, tier: AccountTier, email: Email },
  Object.keys(User.properties),
)
const params = idParams(2)
const Batch = Type.Object(
  { users: Type.Array(NewUser, { minItems: 1, maxItems: 100 }) },
  {
    additionalProperties: false,
    examples: [{ users: [{ name: 'Cleo Example', email: 'cleo@example.org', tier: 'pro' }] }],
  },
)
const NewTier = Type.Object(
  { tier: AccountTier },
  { title: 'NewTier', additionalProperties: false, examples: [{ tier: 'pro' }] },
)

const schema = (summary: string, status: number, answer: TSchema, parts: Record<string, TSchema>) => ({
  summary,
  tags: ['users'],
  ...parts,
  response: { [status]: answer, ...refusals },
})

export const usersRoutes =
  ({ service, reads, represent, write }: UsersRoutesDeps) =>
  (app: FastifyInstance): void => {
    const keysOf = (id: number) => ({ keys: [`user:${id}`, 'users'] })

    app.get(
      path,
      {
        config: { permission: 'users:read' },
        schema: schema('List users', 200, listOf(User), { querystring: query }),
      },
      (request, reply) =>
        sendRead(request, reply, reads.list(readListQuery(request.query as never), request), 'users'),
    )

    app.get<One>(
      `${path}/:id`,
      {
        config: { permission: anyPrincipal },
        schema: schema('Read one user: users:read, or oneself', 200, User, {
          params,
          querystring: Type.Pick(query, ['fields'], { additionalProperties: false }),
        }),
      },
      (request, reply) => {
        mayRead(request.principal, request.params.id)
        return sendRead(request, reply, reads.one(request.params.id), 'user')
      },
    )

    app.post<{ Body: NewUser }>(
      path,
      {
        config: { permission: 'users:write' },
        schema: schema('Invite one user', 201, InvitedUser, { body: NewUser }),
      },
      (request, reply) =>
        write(request, reply, { keys: ['users'], replay: 'never' }, async (now) => {
          const user = await service.invite(now, request.body)
          return { status: 201, representation: represent.invited(user), location: `${path}/${user.id}` }
        }),
    )

    app.post<{ Body: { users: NewUser[] } }>(
      `${path}/batch`,
      {
        config: { permission: 'users:write' },
        schema: schema(
          'Invite up to 100 users, all or none',
          201,
          Type.Object({ data: Type.Array(InvitedUser) }),
          { body: Batch },
        ),
      },
      (request, reply) =>
        write(request, reply, { keys: ['users'], replay: 'never' }, async (now) => ({
          status: 201,
          representation: represent.allInvited(await service.inviteAll(now, request.body.users)),
        })),
    )

    app.patch<One & { Body: UserChanges }>(
      `${path}/:id`,
      {
        config: { permission: anyPrincipal },
        schema: schema('Change one user: users:write, or oneself', 200, User, { params, body: UserChanges }),
      },
      (request, reply) =>
        write(request, reply, keysOf(request.params.id), async (now) => ({
          status: 200,
          representation: represent.one(await service.change(now, request.params.id, request.body)),
        })),
    )

    app.delete<One>(
      `${path}/:id`,
      {
        config: { permission: anyPrincipal },
        schema: schema('Close one account: users:write, or oneself', 204, Type.Null(), { params }),
      },
      (request, reply) =>
        write(request, reply, keysOf(request.params.id), async (now) => {
          await service.close(now, request.params.id)
          return { status: 204 }
        }),
    )

    app.put<One & { Body: { tier: User['tier'] } }>(
      '/api/v1/admin/users/:id/tier',
      {
        config: { permission: 'roles:assign' },
        schema: schema('Set the tier of one user', 200, User, { params, body: NewTier }),
      },
      (request, reply) =>
        write(request, reply, keysOf(request.params.id), async (now) => ({
          status: 200,
          representation: represent.one(await service.change(now, request.params.id, request.body)),
        })),
    )
  }
