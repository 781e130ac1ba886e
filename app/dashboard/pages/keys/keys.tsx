/** One's own API keys: made with the rights they need and no more, replaced, ended. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { destroy } from '#dashboard/components/destroy.ts'
import { Card, Page, Row } from '#dashboard/components/layout.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago, Until } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { KeyDialog } from './key-dialog.tsx'

type ApiKey = components['schemas']['ApiKey']

const keysChanged = () => queryClient.invalidateQueries({ queryKey: ['api-keys'] })

export default function Keys() {
  const [shown, show] = useState<string | 'new'>()
  const list = useQuery({ queryKey: ['api-keys'], queryFn: () => answered(api.GET('/api/v1/api-keys')) })

  const rotate = async ({ id, name }: ApiKey): Promise<void> => {
    try {
      const { key } = await answered(
        api.POST('/api/v1/api-keys/{id}/rotation', {
          params: { path: { id } },
          body: { overlapSeconds: 86_400 },
        }),
      )
      show(key)
      toast.done(`${name} has a successor; the old key goes on for a day.`)
      await keysChanged()
    } catch (error) {
      toast.failed(error)
    }
  }
  const end = async ({ id, name }: ApiKey): Promise<void> => {
    const isGone = await destroy({
      title: `End the key ${name}?`,
      text: 'Whatever uses it is refused on every replica within a second. This cannot be undone.',
      verb: 'End the key',
      run: () => answered(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })),
      done: `${name} has ended.`,
    })
    if (isGone) await keysChanged()
  }

  const columns: readonly Column<ApiKey>[] = [
    { name: 'Name', cell: ({ name }) => <strong>{name}</strong> },
    {
      name: 'Scopes',
      cell: ({ scopes }) =>
        scopes.length === 0 ? (
          'none'
        ) : (
          <Row>
            {scopes.map((scope) => (
              <Badge key={scope}>{scope}</Badge>
            ))}
          </Row>
        ),
    },
    { name: 'Limit', cell: ({ limitPerMinute, tier }) => limitOf(limitPerMinute, tier) },
    {
      name: 'Last used',
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Ago time={lastUsedAt} />),
    },
    { name: 'Ends', cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Until time={expiresAt} />) },
    {
      name: 'Actions',
      isActions: true,
      cell: (key) => (
        <Row>
          <Button look="quiet" aria-label={`Replace ${key.name}`} onClick={() => rotate(key)}>
            Replace
          </Button>
          <Button look="quiet" aria-label={`End ${key.name}`} onClick={() => end(key)}>
            End
          </Button>
        </Row>
      ),
    },
  ]
  return (
    <Page
      title="API keys"
      about="For programs that act for you. A key holds the rights you give it, and loses those you lose."
      actions={
        <Button look="primary" icon="plus" onClick={() => show('new')}>
          New key
        </Button>
      }
    >
      <Card isFlush>
        <Table
          label="API keys"
          columns={columns}
          rows={list.data?.data}
          keyOf={({ id }) => id}
          error={list.error}
          retry={() => void list.refetch()}
          empty={
            <Empty
              icon="keys"
              title="No keys yet"
              action={<Button onClick={() => show('new')}>Make one</Button>}
            >
              Sign-in is for people; a key is for a program.
            </Empty>
          }
        />
      </Card>
      {shown !== undefined && (
        <KeyDialog
          key={shown}
          made={shown === 'new' ? undefined : shown}
          onMade={keysChanged}
          onClose={() => show(undefined)}
        />
      )}
    </Page>
  )
}

const limitOf = (limitPerMinute: number | null, tier: string | null): string =>
  limitPerMinute !== null ? `${limitPerMinute} a minute` : tier === null ? 'as the account' : `tier ${tier}`
