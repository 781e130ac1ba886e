/** Roles: names for sets of permissions. Data, not code: an admin defines one and gives it to accounts. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { representationOf } from '#http/representation.ts'
import type { Revoke } from '#http/revoke.ts'
import { refusals } from '#http/schemas.ts'
import type { Writes } from '#http/write.ts'
import type { Database } from '#kernel/database.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import { NewRole, Role, RoleChange, RoleParams, Roles } from './roles.schemas.ts'
import { rolesService } from './roles.service.ts'

export interface RolesDeps {
  readonly database: Database
  readonly write: Writes
  readonly audit: AuditTrail
  readonly revoke: Revoke
  /** Every permission of every module; complete before the first request. */
  readonly declared: ReadonlySet<string>
}

interface One {
  Params: { name: string }
}

const path = '/api/v1/roles'
const tags = ['roles']

export function roles({ database, write, audit, revoke, declared }: RolesDeps) {
  const service = rolesService({ audit, revoke, declared })
  const wire = representationOf(Role)
  const reading = { config: { permission: 'roles:read' } } as const
  const writing = { config: { permission: 'roles:write' } } as const

  return {
    permissions: ['roles:read', 'roles:write'] as const,

    routes(app: FastifyInstance): void {
      app.get(
        path,
        {
          ...reading,
          schema: {
            summary: 'List roles, and every permission there is',
            tags,
            response: { 200: Roles, ...refusals },
          },
        },
        async () => ({ data: await service.all(database), permissions: [...declared].sort() }),
      )

      app.get<One>(
        `${path}/:name`,
        {
          ...reading,
          schema: {
            summary: 'Read one role',
            tags,
            params: RoleParams,
            response: { 200: Role, ...refusals },
          },
        },
        (request) => service.one(database, request.params.name),
      )

      app.post<{ Body: NewRole }>(
        path,
        {
          ...writing,
          schema: { summary: 'Define a role', tags, body: NewRole, response: { 201: Role, ...refusals } },
        },
        (request, reply) =>
          write(request, reply, { keys: [`role:${request.body.name}`] }, async (now) => {
            const role = await service.create(now, request.body)
            return { status: 201, representation: wire(role), location: `${path}/${role.name}` }
          }),
      )

      app.put<One & { Body: { permissions: string[] } }>(
        `${path}/:name`,
        {
          ...writing,
          schema: {
            summary: 'Change what a role may do',
            tags,
            params: RoleParams,
            body: RoleChange,
            response: { 200: Role, ...refusals },
          },
        },
        (request, reply) =>
          write(request, reply, { keys: [`role:${request.params.name}`] }, async (now) => ({
            status: 200,
            representation: wire(await service.replace(now, request.params.name, request.body.permissions)),
          })),
      )

      app.delete<One>(
        `${path}/:name`,
        {
          ...writing,
          schema: {
            summary: 'Delete a role that no account has',
            tags,
            params: RoleParams,
            response: { 204: Type.Null(), ...refusals },
          },
        },
        (request, reply) =>
          write(request, reply, { keys: [`role:${request.params.name}`] }, async (now) => {
            await service.remove(now, request.params.name)
            return { status: 204 }
          }),
      )
    },
  }
}
