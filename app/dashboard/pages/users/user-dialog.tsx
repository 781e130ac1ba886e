/** One account: its name, address, role, tier, and whether it may come in. */

import { answered, api } from '#dashboard/api/api.ts'
import { useRecord } from '#dashboard/api/record.ts'
import { ifMatch, versioned } from '#dashboard/api/versioned.ts'
import { destroy } from '#dashboard/components/destroy.ts'
import { Checkbox, SelectField, TextField } from '#dashboard/components/field.tsx'
import { RecordDialog } from '#dashboard/components/record-dialog.tsx'
import { Exactly } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { useMay } from '#dashboard/session/session.ts'
import { tierOptions, type User, useRoleOptions, usersChanged } from './account-options.ts'

interface UserDialogProps {
  readonly id: number
  readonly onClose: () => void
}

export function UserDialog({ id, onClose }: UserDialogProps) {
  const mayChange = useMay('users:write')
  const mayAssign = useMay('roles:assign')
  const roles = useRoleOptions()
  const opened = useRecord<User>(['users', id], () => versioned(api.GET('/api/v1/users/{id}', at(id))))
  return (
    <RecordDialog<User>
      noun="user"
      opened={opened}
      titleOf={({ name }) => name}
      mayChange={() => mayChange}
      onClose={onClose}
      facts={(user) => [
        ['Number', user.id],
        ...(mayChange ? [] : [['Email', user.email] as const, ['State', stateOf(user)] as const]),
        ...(mayAssign ? [] : [['Role', user.role] as const, ['Tier', user.tier] as const]),
        ['Since', <Exactly key="since" time={user.createdAt} />],
        ['Changed', <Exactly key="changed" time={user.updatedAt} />],
      ]}
      fields={(form, user) => (
        <>
          <TextField
            label="Name"
            name="name"
            required
            maxLength={100}
            defaultValue={user?.name}
            error={form.errorOf('name')}
          />
          <TextField
            label="Email"
            name="email"
            type="email"
            required
            defaultValue={user?.email}
            error={form.errorOf('email')}
          />
          {mayAssign && (
            <>
              <SelectField
                label="Role"
                name="role"
                options={roles}
                defaultValue={user?.role}
                hint="What they may do."
                error={form.errorOf('role')}
              />
              <SelectField
                label="Tier"
                name="tier"
                options={tierOptions}
                defaultValue={user?.tier}
                hint="How much they may ask in a minute."
                error={form.errorOf('tier')}
              />
            </>
          )}
          <Checkbox
            label="May sign in"
            hint="Without it, sessions and keys end at once."
            name="isActive"
            defaultChecked={user?.isActive}
          />
        </>
      )}
      save={async (values, record) => {
        if (!record) return
        const body = changesOf(values, record.data)
        if (Object.keys(body).length === 0) return
        await answered(api.PATCH('/api/v1/users/{id}', { ...at(id), headers: ifMatch(record.etag), body }))
        await usersChanged()
        toast.done(`${record.data.name} is saved.`)
      }}
      remove={async (user) => {
        const isGone = await destroy({
          title: `Close the account of ${user.name}?`,
          text: 'Their sessions and keys end at once, and they cannot sign in again.',
          verb: 'Close the account',
          run: () => answered(api.DELETE('/api/v1/users/{id}', at(id))),
          done: `The account of ${user.name} is closed.`,
        })
        if (isGone) await usersChanged()
        return isGone
      }}
    />
  )
}

const at = (id: number) => ({ params: { path: { id } } })

const stateOf = ({ isActive }: User): string => (isActive ? 'Active' : 'Disabled')

/** Only what was changed: some of it needs rights that the rest does not. */
function changesOf(values: Readonly<Record<string, string>>, user: User): Partial<User> {
  const wanted = { ...values, isActive: values.isActive === 'on' }
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => user[name as keyof User] !== value),
  )
}
