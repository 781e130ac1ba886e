/** One's own account: name, password, rights, everything that is kept, and the way out. */

import { answered, api } from '#dashboard/api/api.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { destroy } from '#dashboard/components/destroy.ts'
import { TextField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { Card, Facts, Grid, Page, Row } from '#dashboard/components/layout.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { reloadMe, signOut, useMe } from '#dashboard/session/session.ts'
import { saveAs } from './save-as.ts'

export default function Account() {
  return (
    <Page title="Account" about="Yours alone: nobody else sees this page.">
      <Grid minWidth="28rem">
        <You />
        <Rights />
        <Password />
        <YourData />
      </Grid>
    </Page>
  )
}

function You() {
  const { user } = useMe()
  const form = useForm(async ({ name = '' }) => {
    await answered(api.PATCH('/api/v1/me', { body: { name } }))
    await reloadMe()
    toast.done('Your name is saved.')
  })
  return (
    <Card title="You">
      <Form form={form}>
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          defaultValue={user.name}
          error={form.errorOf('name')}
        />
        <Facts facts={[['Email', user.email]]} />
        <Row>
          <Button type="submit" isBusy={form.isBusy}>
            Save
          </Button>
        </Row>
      </Form>
    </Card>
  )
}

function Rights() {
  const { user, permissions, tier, rateLimit } = useMe()
  return (
    <Card title="What you may">
      <Facts
        facts={[
          ['Role', user.role],
          ['Tier', tier],
          [
            'Quota',
            `${rateLimit.limit.toLocaleString()} requests in ${rateLimit.windowSeconds} s (${rateLimit.policy})`,
          ],
          [
            'Permissions',
            permissions.length === 0 ? (
              'your own things'
            ) : (
              <Permissions key="permissions" names={permissions} />
            ),
          ],
        ]}
      />
    </Card>
  )
}

const Permissions = ({ names }: { readonly names: readonly string[] }) => (
  <Row>
    {names.map((name) => (
      <Badge key={name}>{name === '*' ? 'everything' : name}</Badge>
    ))}
  </Row>
)

function Password() {
  const form = useForm(async ({ currentPassword = '', newPassword = '' }) => {
    await answered(api.PUT('/api/v1/me/password', { body: { currentPassword, newPassword } }))
    toast.done('Your password is changed. Every other session has ended.')
  })
  return (
    <Card title="Password" about="Changing it ends every other session of yours.">
      <Form form={form}>
        <TextField
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
          error={form.errorOf('currentPassword')}
        />
        <TextField
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          minLength={12}
          hint="12 characters or more; a few words do well."
          required
          error={form.errorOf('newPassword')}
        />
        <Row>
          <Button type="submit" isBusy={form.isBusy}>
            Change password
          </Button>
        </Row>
      </Form>
    </Card>
  )
}

function YourData() {
  const { user } = useMe()
  const save = async (): Promise<void> => {
    try {
      saveAs('sluice-account.json', await answered(api.GET('/api/v1/me/export')))
    } catch (error) {
      toast.failed(error)
    }
  }
  const close = async (): Promise<void> => {
    const isGone = await destroy({
      title: 'Close your account?',
      text: `${user.email} is signed out everywhere, its keys end, and it cannot come back.`,
      verb: 'Close my account',
      run: () => answered(api.DELETE('/api/v1/me')),
      done: 'Your account is closed.',
    })
    if (isGone) await signOut()
  }
  return (
    <Card title="Your data" about="Everything that is kept about you, as one file; and the way out.">
      <Row>
        <Button onClick={save}>Export</Button>
        <Button look="danger" onClick={close}>
          Close account
        </Button>
      </Row>
    </Card>
  )
}
