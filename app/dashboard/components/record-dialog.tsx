/** The side dialog for one record: read, made, changed or deleted, with its loading and failed states. */

import { type ReactNode, useId } from 'react'
import type { OpenedRecord } from '#dashboard/api/record.ts'
import { explained, type Versioned } from '#dashboard/api/versioned.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Form, type FormState, useForm } from './form.tsx'
import { Facts } from './layout.tsx'
import { Failed, Loading } from './states.tsx'

type Values = Readonly<Record<string, string>>
type FactList = readonly (readonly [name: string, value: ReactNode])[]

export interface RecordDialogProps<Data> {
  /** "item": what a new one is called. */
  readonly noun: string
  /** Undefined: a new one is made. */
  readonly opened: OpenedRecord<Data> | undefined
  readonly titleOf: (data: Data) => string
  /** What there is to read. */
  readonly facts: (data: Data) => FactList
  /** Whether this person may change and delete it. */
  readonly mayChange: (data: Data) => boolean
  readonly fields: (form: FormState, data: Data | undefined) => ReactNode
  /** What it throws is shown in the form; otherwise the dialog closes. */
  readonly save: (values: Values, record: Versioned<Data> | undefined) => Promise<void>
  /** True once it is gone. Asks by itself. */
  readonly remove?: (data: Data) => Promise<boolean>
  readonly onClose: () => void
}

export function RecordDialog<Data>(props: RecordDialogProps<Data>) {
  const { noun, opened, titleOf, facts, mayChange, onClose } = props
  const record = opened?.record
  if (opened && !record)
    return (
      <Dialog title={capital(noun)} place="side" onClose={onClose}>
        {opened.error ? <Failed error={opened.error} retry={opened.retry} /> : <Loading lines={5} />}
      </Dialog>
    )
  if (record && !mayChange(record.data))
    return (
      <Dialog title={titleOf(record.data)} place="side" onClose={onClose}>
        <Facts facts={facts(record.data)} />
      </Dialog>
    )
  return <Editing {...props} record={record} />
}

function Editing<Data>({
  noun,
  record,
  titleOf,
  facts,
  fields,
  save,
  remove,
  onClose,
}: RecordDialogProps<Data> & { readonly record: Versioned<Data> | undefined }) {
  const id = useId()
  const form = useForm(async (values) => {
    try {
      await save(values, record)
    } catch (error) {
      throw explained(error)
    }
    onClose()
  })
  const removeIt = record && remove && (async () => (await remove(record.data)) && onClose())
  return (
    <Dialog
      title={record ? titleOf(record.data) : `New ${noun}`}
      place="side"
      onClose={onClose}
      actions={
        <>
          {removeIt && (
            <Button icon="trash" onClick={removeIt}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} look="primary" isBusy={form.isBusy}>
            {record ? 'Save' : `Make ${noun}`}
          </Button>
        </>
      }
    >
      <Form form={form} id={id}>
        {fields(form, record?.data)}
        {record && <Facts facts={facts(record.data)} />}
      </Form>
    </Dialog>
  )
}

const capital = (noun: string): string => `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`
