/** The live stream through both tiers: what it shows when a replica dies, and that it keeps nobody from stopping. */

import t from 'tap'
import type { SystemPicture } from '#modules/admin/index.ts'
import { type EventReader, readEvents } from '#tests/support/event-reader.ts'
import { failures, startLoad } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
const url = `${stack.gateway}/api/v1/admin/events`
const headers = { authorization: 'Bearer admin-token-dev' }

const servedBy = (reader: EventReader): string => reader.headers.get('x-served-by') ?? ''
const isPicture = ({ event }: { event: string }): boolean => event === 'system'
const replicaIn = (data: unknown, name: string) =>
  (data as SystemPicture).replicas.find(({ instanceId }) => instanceId === name)
const names = Object.keys(stack.replicas)

t.test(
  'a replica that freezes is shown as silent or down, and as up again once it is replaced',
  async (t) => {
    const reader = await readEvents(t, url, headers)
    await reader.first(isPicture)
    const victim = names.find((name) => name !== servedBy(reader)) ?? ''
    const started = replicaIn(reader.events.find(isPicture)?.data, victim)?.startedAt
    const pid = await stack.pid(victim)
    await stack.kill(victim, 'SIGSTOP')
    const missing = await reader.first(
      ({ event, data }) =>
        event === 'system' && ['silent', 'down'].includes(replicaIn(data, victim)?.state ?? ''),
    )
    t.ok(missing)
    await stack.untilUp(victim, pid)
    const back = await reader.first(
      ({ event, data, id }) =>
        event === 'system' &&
        Number(id) > Number(missing.id) &&
        replicaIn(data, victim)?.state === 'up' &&
        replicaIn(data, victim)?.startedAt !== started,
    )
    t.ok(back)
    const before = reader.events.filter(isPicture).filter(({ id }) => Number(id) < Number(missing.id))
    t.ok(
      before.every(({ data }) => (replicaIn(data, victim)?.silentMs ?? 0) <= 1_200),
      'it was shown in the first picture in which it had been silent for long enough',
    )
    reader.close()
  },
)

t.test(
  'restarts with streams open: each ends with its reason, resumes elsewhere, and no request fails',
  async (t) => {
    const readers = await Promise.all(Array.from({ length: 6 }, () => readEvents(t, url, headers)))
    await Promise.all(readers.map((reader) => reader.first(isPicture)))
    const load = startLoad(stack.gateway, 4, (asked) => ({
      method: 'GET',
      path: `/api/v1/resources/${1 + (asked % 20)}`,
      headers,
    }))
    await load.more(50)
    for (const name of names) await stack.restart(name)
    await load.more(50)
    await load.stop()
    t.strictSame(failures(load.replies, [200]), [])
    for (const reader of readers) {
      const end = await reader.first(({ event }) => event === 'end')
      t.strictSame(end.data, { reason: 'draining' }, `the one at ${servedBy(reader)}`)
      await reader.ended
    }
    const last = readers[0]?.events.findLast(isPicture)?.id
    const resumed = await readEvents(t, url, { ...headers, 'last-event-id': String(last) })
    const next = await resumed.first(isPicture)
    t.ok(Number(next.id) > Number(last))
    resumed.close()
  },
)
