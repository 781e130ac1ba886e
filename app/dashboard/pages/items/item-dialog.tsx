/** One item: a new one, or one that its owner changes and everybody else reads. */

import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { useRecord } from '#dashboard/api/record.ts'
import { ifMatch, versioned } from '#dashboard/api/versioned.ts'
import { destroy } from '#dashboard/components/destroy.ts'
import { TextArea, TextField } from '#dashboard/components/field.tsx'
import { price } from '#dashboard/components/numbers.ts'
import { RecordDialog } from '#dashboard/components/record-dialog.tsx'
import { Exactly } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { allows, useMe } from '#dashboard/session/session.ts'
import { centsOf, type Item } from './item.ts'

interface ItemDialogProps {
  readonly id: number | 'new'
  readonly onClose: () => void
}

const listChanged = () => queryClient.invalidateQueries({ queryKey: ['items', 'list'] })

export function ItemDialog({ id, onClose }: ItemDialogProps) {
  const me = useMe()
  const read = (of: number) => () => versioned(api.GET('/api/v1/items/{id}', at(of)))
  const opened = useRecord<Item>(['items', id], id === 'new' ? undefined : read(id))
  const mayChange = ({ owner }: Item): boolean => owner.id === me.user.id || allows(me, 'items:write')
  return (
    <RecordDialog<Item>
      noun="item"
      opened={id === 'new' ? undefined : opened}
      titleOf={({ title }) => title}
      mayChange={mayChange}
      onClose={onClose}
      facts={(item) => [
        ...(mayChange(item)
          ? []
          : [
              ['Description', item.description ?? '–'] as const,
              ['Price', item.priceCents === null ? '–' : price(item.priceCents)] as const,
            ]),
        ['Owner', item.owner.name],
        ['Made', <Exactly key="made" time={item.createdAt} />],
        ['Changed', <Exactly key="changed" time={item.updatedAt} />],
      ]}
      fields={(form, item) => (
        <>
          <TextField
            label="Title"
            name="title"
            required
            maxLength={200}
            defaultValue={item?.title}
            error={form.errorOf('title')}
          />
          <TextArea
            label="Description"
            name="description"
            maxLength={2_000}
            defaultValue={item?.description ?? ''}
            error={form.errorOf('description')}
          />
          <TextField
            label="Price"
            name="price"
            inputMode="decimal"
            placeholder="8.90"
            hint="Nothing for what has no price."
            defaultValue={item?.priceCents == null ? '' : (item.priceCents / 100).toFixed(2)}
            error={form.errorOf('price') ?? form.errorOf('priceCents')}
          />
        </>
      )}
      save={async ({ title = '', description, price: amount = '' }, record) => {
        const body = { title, description: description || null, priceCents: centsOf(amount) }
        await answered(
          record
            ? api.PATCH('/api/v1/items/{id}', { ...at(record.data.id), headers: ifMatch(record.etag), body })
            : api.POST('/api/v1/items', { body }),
        )
        await listChanged()
        toast.done(`${title} is saved.`)
      }}
      remove={async (item) => {
        const isGone = await destroy({
          title: `Delete ${item.title}?`,
          text: 'It is gone for everybody and cannot be brought back.',
          verb: 'Delete',
          run: () => answered(api.DELETE('/api/v1/items/{id}', at(item.id))),
          done: `${item.title} is deleted.`,
        })
        if (isGone) await listChanged()
        return isGone
      }}
    />
  )
}

const at = (id: number) => ({ params: { path: { id } } })
