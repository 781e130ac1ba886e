import type { BreakerReport } from '#client/index.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { Button } from '#dashboard/components/button.tsx'
import { Dialog } from '#dashboard/components/dialog.tsx'
import { SelectField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { toast } from '#dashboard/components/toast.tsx'

const states = [
  { value: 'auto', label: 'Leave it to its rules' },
  { value: 'open', label: 'Open: refuse every call' },
  { value: 'closed', label: 'Closed: let every call through' },
]

const times = [
  { value: '60', label: 'A minute' },
  { value: '300', label: '5 minutes' },
  { value: '900', label: '15 minutes' },
  { value: '3600', label: 'An hour' },
]

interface ForceDialogProps {
  readonly breaker: BreakerReport
  readonly onClose: () => void
}

export function ForceDialog({ breaker: { name, forced }, onClose }: ForceDialogProps) {
  const form = useForm(async ({ state, forSeconds }) => {
    const wanted = state === 'open' || state === 'closed' ? state : 'auto'
    const body = { state: wanted, forSeconds: Number(forSeconds) } as const
    await answered(api.PUT('/api/v1/admin/circuit-breakers/{name}', { params: { path: { name } }, body }))
    toast.done(wanted === 'auto' ? `${name} is left to its rules` : `${name} is forced ${wanted}`)
    queryClient.invalidateQueries({ queryKey: ['circuit-breakers'] })
    onClose()
  })
  return (
    <Dialog
      title={`Force ${name}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="force" isBusy={form.isBusy}>
            Apply to all replicas
          </Button>
        </>
      }
    >
      <Form form={form} id="force">
        <SelectField label="State" name="state" options={states} defaultValue={forced} />
        <SelectField
          label="For"
          name="forSeconds"
          options={times}
          defaultValue="900"
          hint="Then its rules decide again."
        />
      </Form>
    </Dialog>
  )
}
