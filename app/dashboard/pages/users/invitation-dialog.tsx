/** Makes an account and shows, once, the invitation its person sets a password with. */

import { useId, useState } from 'react'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { Button } from '#dashboard/components/button.tsx'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { SelectField, TextField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { Secret } from '#dashboard/components/secret.tsx'
import { Until } from '#dashboard/components/time.tsx'
import { useMay } from '#dashboard/session/session.ts'
import { tierOptions, type User, useRoleOptions, usersChanged } from './account-options.ts'

type Invited = components['schemas']['InvitedUser']

export function InvitationDialog({ onClose }: { readonly onClose: () => void }) {
  const [invited, setInvited] = useState<Invited>()
  if (!invited) return <Invitation onClose={onClose} onInvited={setInvited} />
  return (
    <Dialog
      title={`${invited.name} is invited`}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <Secret label="Invitation token" value={invited.invitationToken}>
        Send it to {invited.email}. It sets the first password, once, and ends{' '}
        <Until time={invited.invitationExpiresAt} />.
      </Secret>
    </Dialog>
  )
}

function Invitation({
  onClose,
  onInvited,
}: {
  readonly onClose: () => void
  readonly onInvited: (invited: Invited) => void
}) {
  const id = useId()
  const mayAssign = useMay('roles:assign')
  const roles = useRoleOptions()
  const form = useForm(async ({ name = '', email = '', role, tier }) => {
    const body = { name, email, ...(mayAssign && role && { role, tier: tier as User['tier'] }) }
    onInvited(await answered(api.POST('/api/v1/users', { body })))
    await usersChanged()
  })
  return (
    <Dialog
      title="Invite somebody"
      place="side"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" isBusy={form.isBusy}>
            Invite
          </Button>
        </>
      }
    >
      <Form form={form} id={id}>
        <TextField label="Name" name="name" required maxLength={100} error={form.errorOf('name')} />
        <TextField label="Email" name="email" type="email" required error={form.errorOf('email')} />
        {mayAssign && (
          <>
            <SelectField
              label="Role"
              name="role"
              options={roles}
              defaultValue="user"
              error={form.errorOf('role')}
            />
            <SelectField label="Tier" name="tier" options={tierOptions} error={form.errorOf('tier')} />
          </>
        )}
      </Form>
    </Dialog>
  )
}
