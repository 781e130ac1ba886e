/** Accounts: who they are, what they may, how much they may ask; invited, changed and closed here. */

import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { useCursorList } from '#dashboard/api/cursor-list.ts'
import { Badge, State } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Filters, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Page } from '#dashboard/components/layout.tsx'
import { useListFilters } from '#dashboard/components/list-filters.ts'
import { ListTable } from '#dashboard/components/list-table.tsx'
import { Opener } from '#dashboard/components/opener.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import type { Column } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { useMay } from '#dashboard/session/session.ts'
import { tierOptions, type User, useRoleOptions } from './account-options.ts'
import { InvitationDialog } from './invitation-dialog.tsx'
import { UserDialog } from './user-dialog.tsx'

const any = { value: '', label: 'Any' }

export default function Users() {
  const mayChange = useMay('users:write')
  const roles = useRoleOptions()
  const [{ email, role, tier }, control] = useListFilters({ typed: ['email'], chosen: ['role', 'tier'] })
  const [opened, open] = useState<number>()
  const [isInviting, setInviting] = useState(false)
  const list = useCursorList<User>(['users', 'list', email, role, tier], (cursor) =>
    answered(
      api.GET('/api/v1/users', {
        params: {
          query: {
            sort: '-createdAt',
            ...(email !== '' && { email }),
            ...(role !== '' && { role }),
            ...(tier !== '' && { tier: tier as User['tier'] }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      }),
    ),
  )
  const columns: readonly Column<User>[] = [
    { name: 'Name', cell: ({ id, name }) => <Opener onOpen={() => open(id)}>{name}</Opener> },
    { name: 'Email', cell: (user) => user.email },
    { name: 'Role', cell: ({ role }) => <Badge tone={role === 'admin' ? 'accent' : 'none'}>{role}</Badge> },
    { name: 'Tier', cell: ({ tier }) => <Badge>{tier}</Badge> },
    {
      name: 'State',
      cell: ({ isActive }) => (
        <State tone={isActive ? 'good' : 'none'}>{isActive ? 'Active' : 'Disabled'}</State>
      ),
    },
    { name: 'Since', cell: ({ createdAt }) => <Ago time={createdAt} /> },
  ]
  return (
    <Page
      title="Users"
      about="A change of role or tier is felt on every replica within a second."
      actions={
        mayChange && (
          <Button look="primary" icon="plus" onClick={() => setInviting(true)}>
            Invite
          </Button>
        )
      }
    >
      <Filters>
        <TextField label="Email" type="email" placeholder="ann@example.org" {...control('email')} />
        <SelectField label="Role" options={[any, ...roles]} {...control('role')} />
        <SelectField label="Tier" options={[any, ...tierOptions]} {...control('tier')} />
      </Filters>
      <ListTable
        label="Users"
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ id }) => open(id)}
        empty={
          <Empty icon="users" title="Nobody fits these filters">
            An address has to be written whole.
          </Empty>
        }
      />
      {opened !== undefined && <UserDialog key={opened} id={opened} onClose={() => open(undefined)} />}
      {isInviting && <InvitationDialog onClose={() => setInviting(false)} />}
    </Page>
  )
}
