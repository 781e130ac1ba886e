/** Where one is signed in: which device, from where, since when; each can be ended. */

import { useQuery } from '@tanstack/react-query'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { Badge } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { confirm } from '#dashboard/components/confirm.tsx'
import { Card, Page } from '#dashboard/components/layout.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { Ago } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { signOut } from '#dashboard/session/session.ts'
import { deviceOf } from './device.ts'

type Session = components['schemas']['Session']

/** Ended sessions are only listed for reasons their owner should know. */
const reasons: Readonly<Record<string, string>> = {
  refresh_token_reused: 'its refresh token was used twice, so somebody else may have had it',
}

export default function Sessions() {
  const list = useQuery({ queryKey: ['sessions'], queryFn: () => answered(api.GET('/api/v1/me/sessions')) })

  const end = async ({ id, userAgent }: Session): Promise<void> => {
    try {
      await answered(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } }))
      toast.done(`${deviceOf(userAgent)} is signed out.`)
      await queryClient.invalidateQueries({ queryKey: ['sessions'] })
    } catch (error) {
      toast.failed(error)
    }
  }
  const endAll = async (): Promise<void> => {
    const isSure = await confirm({
      title: 'Sign out everywhere?',
      text: 'Every device is signed out within a second, this one too.',
      verb: 'Sign out everywhere',
    })
    if (!isSure) return
    try {
      await answered(api.POST('/api/v1/auth/logout-all'))
      await signOut()
    } catch (error) {
      toast.failed(error)
    }
  }

  const columns: readonly Column<Session>[] = [
    {
      name: 'Device',
      cell: ({ userAgent, isCurrent }) => (
        <>
          <strong title={userAgent}>{deviceOf(userAgent)}</strong>{' '}
          {isCurrent && <Badge tone="accent">this one</Badge>}
        </>
      ),
    },
    { name: 'Address', cell: ({ address }) => address },
    { name: 'Signed in', cell: ({ createdAt }) => <Ago time={createdAt} /> },
    {
      name: 'Last used',
      cell: ({ lastUsedAt, endedAt, endReason }) =>
        endedAt === null ? (
          <Ago time={lastUsedAt} />
        ) : (
          <>
            ended <Ago time={endedAt} />
            {endReason && `: ${reasons[endReason] ?? endReason}`}
          </>
        ),
    },
    {
      name: 'Actions',
      isActions: true,
      cell: (session) =>
        session.endedAt === null && (
          <Button
            look="quiet"
            aria-label={`Sign out ${deviceOf(session.userAgent)}`}
            onClick={() => (session.isCurrent ? signOut() : end(session))}
          >
            Sign out
          </Button>
        ),
    },
  ]
  return (
    <Page
      title="Sessions"
      about="Where you are signed in. One you do not know? End it and change your password."
      actions={<Button onClick={endAll}>Sign out everywhere</Button>}
    >
      <Card isFlush>
        <Table
          label="Sessions"
          columns={columns}
          rows={list.data?.data}
          keyOf={({ id }) => id}
          error={list.error}
          retry={() => void list.refetch()}
          empty={<Empty icon="sessions" title="No sessions" />}
        />
      </Card>
    </Page>
  )
}
