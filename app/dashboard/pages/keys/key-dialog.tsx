/** Makes a key and shows its secret, once. */

import { useId, useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { Button } from '#dashboard/components/button.tsx'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { Checkbox, SelectField, TextField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { Secret } from '#dashboard/components/secret.tsx'
import { useMe } from '#dashboard/session/session.ts'
import css from './key-dialog.module.css'

interface KeyDialogProps {
  /** The secret of one that exists already; without it, one is made. */
  readonly made: string | undefined
  readonly onMade: () => void
  readonly onClose: () => void
}

export function KeyDialog({ made, onMade, onClose }: KeyDialogProps) {
  const [secret, setSecret] = useState(made)
  if (secret === undefined)
    return (
      <NewKey
        onClose={onClose}
        onMade={(key) => {
          setSecret(key)
          onMade()
        }}
      />
    )
  return (
    <Dialog
      title="Your key"
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <Secret label="API key" value={secret}>
        Send it as <code>Authorization: Bearer …</code> or <code>X-API-Key: …</code>.
      </Secret>
    </Dialog>
  )
}

const lives = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const

interface NewKeyProps {
  readonly onMade: (key: string) => void
  readonly onClose: () => void
}

function NewKey({ onMade, onClose }: NewKeyProps) {
  const id = useId()
  const { permissions } = useMe()
  const scopes = permissions.filter((permission) => permission !== '*').toSorted()
  const [chosen, choose] = useState<readonly string[]>([])
  const form = useForm(async ({ name = '', days, limit }) => {
    const { key } = await answered(
      api.POST('/api/v1/api-keys', {
        body: {
          name,
          scopes: [...chosen],
          ...(days && { expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
          ...(limit && { limitPerMinute: Number(limit) }),
        },
      }),
    )
    onMade(key)
  })
  return (
    <Dialog
      title="New key"
      place="side"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" isBusy={form.isBusy}>
            Make key
          </Button>
        </>
      }
    >
      <Form form={form} id={id}>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={100}
          placeholder="nightly import"
          error={form.errorOf('name')}
        />
        <SelectField label="Ends" name="days" options={lives} error={form.errorOf('expiresAt')} />
        <TextField
          label="Requests a minute"
          name="limit"
          type="number"
          min={1}
          hint="A limit of its own, below that of your tier. Without one it spends yours."
          error={form.errorOf('limitPerMinute')}
        />
        <fieldset className={css.scopes}>
          <legend>Scopes</legend>
          {scopes.length === 0 && <p>Your own things need none.</p>}
          {scopes.map((scope) => (
            <Checkbox
              key={scope}
              label={scope}
              checked={chosen.includes(scope)}
              onChange={({ target }) =>
                choose(target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
              }
            />
          ))}
        </fieldset>
      </Form>
    </Dialog>
  )
}
