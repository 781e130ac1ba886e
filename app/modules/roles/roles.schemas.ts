import { type Static, Type } from 'typebox'
import { RoleName } from '#modules/users/index.ts'

const strict = { additionalProperties: false }
const Permissions = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200, uniqueItems: true })

export const Role = Type.Object(
  {
    name: Type.String(),
    permissions: Type.Array(Type.String(), { description: '* is every permission there is' }),
  },
  { title: 'Role' },
)
export type Role = Static<typeof Role>
export const Roles = Type.Object({ data: Type.Array(Role), permissions: Type.Array(Type.String()) })

export const NewRole = Type.Object(
  { name: RoleName, permissions: Permissions },
  { ...strict, title: 'NewRole', examples: [{ name: 'reporter', permissions: ['users:read'] }] },
)
export type NewRole = Static<typeof NewRole>
export const RoleChange = Type.Object(
  { permissions: Permissions },
  { ...strict, title: 'RoleChange', examples: [{ permissions: ['users:read', 'admin:read'] }] },
)
export const RoleParams = Type.Object({ name: Type.String({ ...RoleName, examples: ['reporter'] }) })
