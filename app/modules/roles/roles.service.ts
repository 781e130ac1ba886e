/** The rules of roles: permissions that exist, none that the maker lacks, and two roles that stay as they are. */

import type { Revoke } from '#http/revoke.ts'
import type { Write } from '#http/write.ts'
import type { Session } from '#kernel/database.ts'
import { AppError, alreadyExists, forbidden, notFound } from '#kernel/errors.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import { mayGrant } from '#modules/users/index.ts'
import { ConstraintError } from '#platform/postgres-errors.ts'
import { onlyRow } from '#platform/rows.ts'
import type { NewRole, Role } from './roles.schemas.ts'

export interface RolesServiceDeps {
  readonly audit: AuditTrail
  readonly revoke: Revoke
  readonly declared: ReadonlySet<string>
}

// Everybody starts as the one, and the other is what the last admin rule counts.
const fixed = ['user', 'admin']
const array = (values: readonly string[]): string => `{${values.join()}}`

export function rolesService({ audit, revoke, declared }: RolesServiceDeps) {
  const mustExist = (permissions: readonly string[]): void => {
    const unknown = permissions.findIndex((permission) => !declared.has(permission))
    if (unknown === -1) return
    throw new AppError('validation_failed', {
      detail: 'A role holds permissions that exist.',
      fields: [{ path: `permissions.${unknown}`, message: 'is not a permission' }],
    })
  }
  const find = async (session: Session, name: string, lock = ''): Promise<Role> => {
    const [role] = await session.text<Role>(`select name, permissions from roles where name = $1 ${lock}`, [
      name,
    ])
    if (!role) throw notFound('role', name)
    return role
  }
  const lockForChange = async (write: Write, name: string): Promise<Role> => {
    if (fixed.includes(name)) throw forbidden(`The role ${name} stays as it is.`)
    const role = await find(write.transaction, name, 'for update')
    mayGrant(write.principal, role.permissions, declared)
    return role
  }
  const record = (write: Write, action: string, { name, permissions }: Role) =>
    audit.record(write.transaction, write, { action, target: `role:${name}`, details: { permissions } })

  return {
    all: (session: Session): Promise<Role[]> =>
      session.text<Role>('select name, permissions from roles order by name limit 1000'),
    one: (session: Session, name: string): Promise<Role> => find(session, name),

    async create(write: Write, { name, permissions }: NewRole): Promise<Role> {
      mustExist(permissions)
      mayGrant(write.principal, permissions, declared)
      const inserting = write.transaction.text<Role>(
        'insert into roles (name, permissions) values ($1, $2::text::text[]) returning name, permissions',
        [name, array(permissions)],
      )
      const rows = await inserting.catch((error: unknown) => {
        throw error instanceof ConstraintError ? alreadyExists('name', 'name') : error
      })
      const role = onlyRow(rows)
      await record(write, 'roles.create', role)
      return role
    },

    /** Felt at once by everyone who has the role. */
    async replace(write: Write, name: string, permissions: readonly string[]): Promise<Role> {
      mustExist(permissions)
      mayGrant(write.principal, permissions, declared)
      await lockForChange(write, name)
      await write.transaction.text('update roles set permissions = $2::text::text[] where name = $1', [
        name,
        array(permissions),
      ])
      await revoke(write, `role:${name}`)
      const role = { name, permissions: [...permissions] }
      await record(write, 'roles.change', role)
      return role
    },

    async remove(write: Write, name: string): Promise<void> {
      const role = await lockForChange(write, name)
      await write.transaction.text('delete from roles where name = $1', [name]).catch((error: unknown) => {
        if (!(error instanceof ConstraintError)) throw error
        throw new AppError('conflict', { detail: 'Accounts still have this role.' })
      })
      await revoke(write, `role:${name}`)
      await record(write, 'roles.delete', role)
    },
  }
}
