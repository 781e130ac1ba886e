/** One resource: a new one, or one that its owner changes and everybody else reads. */

import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { invalid } from '#dashboard/api/problem.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { useRecord } from '#dashboard/api/record.ts'
import { ifMatch, versioned } from '#dashboard/api/versioned.ts'
import { destroy } from '#dashboard/components/destroy.ts'
import { TextArea, TextField } from '#dashboard/components/field.tsx'
import { RecordDialog } from '#dashboard/components/record-dialog.tsx'
import { Exactly } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { allows, useMe } from '#dashboard/session/session.ts'

export type Resource = components['schemas']['Resource']

interface ResourceDialogProps {
  readonly id: number | 'new'
  readonly onClose: () => void
}

const listChanged = () => queryClient.invalidateQueries({ queryKey: ['resources', 'list'] })

export function ResourceDialog({ id, onClose }: ResourceDialogProps) {
  const me = useMe()
  const read = (of: number) => () => versioned(api.GET('/api/v1/resources/{id}', at(of)))
  const opened = useRecord<Resource>(['resources', id], id === 'new' ? undefined : read(id))
  const mayChange = ({ ownerId }: Resource): boolean =>
    ownerId === me.user.id || allows(me, 'resources:write')
  return (
    <RecordDialog<Resource>
      noun="resource"
      opened={id === 'new' ? undefined : opened}
      titleOf={({ name }) => name}
      mayChange={mayChange}
      onClose={onClose}
      facts={(resource) => [
        ...(mayChange(resource)
          ? []
          : [
              ['Type', resource.type] as const,
              ['Description', resource.description ?? '–'] as const,
              ['Metadata', <code key="metadata">{JSON.stringify(resource.metadata)}</code>] as const,
            ]),
        ['Owner', resource.ownerId === me.user.id ? 'You' : `User ${resource.ownerId}`],
        ['Made', <Exactly key="made" time={resource.createdAt} />],
        ['Changed', <Exactly key="changed" time={resource.updatedAt} />],
      ]}
      fields={(form, resource) => (
        <>
          <TextField
            label="Name"
            name="name"
            required
            maxLength={200}
            defaultValue={resource?.name}
            error={form.errorOf('name')}
          />
          <TextField
            label="Type"
            name="type"
            required
            maxLength={50}
            placeholder="document"
            defaultValue={resource?.type}
            error={form.errorOf('type')}
          />
          <TextArea
            label="Description"
            name="description"
            maxLength={2_000}
            defaultValue={resource?.description ?? ''}
            error={form.errorOf('description')}
          />
          <TextArea
            label="Metadata"
            name="metadata"
            spellCheck={false}
            hint="A JSON object of your own."
            defaultValue={resource ? JSON.stringify(resource.metadata, null, 2) : '{}'}
            error={form.errorOf('metadata')}
          />
        </>
      )}
      save={async ({ name = '', type = '', description, metadata = '' }, record) => {
        const body = { name, type, description: description || null, metadata: metadataOf(metadata) }
        await answered(
          record
            ? api.PATCH('/api/v1/resources/{id}', {
                ...at(record.data.id),
                headers: ifMatch(record.etag),
                body,
              })
            : api.POST('/api/v1/resources', { body }),
        )
        await listChanged()
        toast.done(`${name} is saved.`)
      }}
      remove={async (resource) => {
        const isGone = await destroy({
          title: `Delete ${resource.name}?`,
          text: 'It is gone for everybody and cannot be brought back.',
          verb: 'Delete',
          run: () => answered(api.DELETE('/api/v1/resources/{id}', at(resource.id))),
          done: `${resource.name} is deleted.`,
        })
        if (isGone) await listChanged()
        return isGone
      }}
    />
  )
}

const at = (id: number) => ({ params: { path: { id } } })

/** @throws {Refusal} for what is no JSON object */
function metadataOf(text: string): Record<string, unknown> {
  const problem = invalid('metadata', 'A JSON object, such as {"pages": 48}.')
  try {
    const value: unknown = JSON.parse(text || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    throw problem
  }
  throw problem
}
