/** The live stream of an admin: what it tells, how it is resumed, and what ends it. */

import t from 'tap'
import type { SystemPicture } from '#modules/admin/index.ts'
import { application } from '#tests/support/application.ts'
import { type EventReader, readEvents } from '#tests/support/event-reader.ts'
import { eventually } from '#tests/support/eventually.ts'

const app = await application(t)
const { app: server } = app
await server.listen({ port: 0, host: '127.0.0.1' })
const { port } = server.server.address() as { port: number }
const url = `http://127.0.0.1:${port}/api/v1/admin/events`

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const pictures = ({ events }: EventReader) => events.filter(({ event }) => event === 'system')
const more = (reader: EventReader, count: number) => eventually(t, () => pictures(reader).length >= count)

t.test('it sends a picture of the system with every beat, each with a later id', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const reader = await readEvents(t, url, bearer(admin.key))
  t.equal(reader.status, 200)
  t.match(reader.headers.get('content-type'), /^text\/event-stream/)
  t.equal(reader.headers.get('cache-control'), 'no-store')
  t.ok(reader.headers.get('x-request-id'))
  await more(reader, 3)
  const ids = pictures(reader).map(({ id }) => Number(id))
  t.strictSame(
    ids,
    [...new Set(ids)].sort((a, b) => a - b),
  )
  const picture = pictures(reader).at(-1)?.data as SystemPicture
  t.equal(picture.time, ids.at(-1))
  const [replica] = picture.replicas
  t.match(replica, { instanceId: 'api-test', state: 'up', redis: { isUp: true }, postgres: { isUp: true } })
  t.ok(replica && replica.residentBytes > 1_000_000 && replica.heapUsedBytes > 1_000_000)
  t.notOk(replica && 'address' in replica, 'where a replica is, is told to nobody')
  t.equal(replica?.inFlight, 0, 'an open stream is no request in flight')
  reader.close()
})

t.test('who comes back with the last id is sent what was missed, and nothing twice', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const first = await readEvents(t, url, bearer(admin.key))
  await more(first, 2)
  first.close()
  const seen = pictures(first).map(({ id }) => id)
  const between = await readEvents(t, url, bearer(admin.key))
  await more(between, 3)
  const headers = { ...bearer(admin.key), 'last-event-id': String(seen[0]) }
  const back = await readEvents(t, url, headers)
  await more(back, 4)
  const [oldest] = pictures(back)
  t.equal(oldest?.id, seen[1], 'the one after the last it had')
  const missed = pictures(between).map(({ id }) => id)
  const resumed = pictures(back).map(({ id }) => id)
  t.ok(missed.slice(0, 2).every((id) => resumed.includes(id)))
  t.equal(new Set(resumed).size, resumed.length)
})

t.test('an id that makes no sense begins at the newest', async (t) => {
  const admin = await app.member({ role: 'admin' })
  for (const id of ['x', '999999999999999', '-1']) {
    const reader = await readEvents(t, url, { ...bearer(admin.key), 'last-event-id': id })
    await more(reader, 1)
    reader.close()
  }
})

t.test('a request that failed or was slow is told of, with its route and never its address', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const reader = await readEvents(t, url, bearer(admin.key))
  await more(reader, 1)
  const told = reader.first(
    ({ event, data }) => event === 'request' && (data as { route: string }).route.includes('items'),
  )
  await eventually(t, async () => {
    await app.anonymous.get('/api/v1/items/999999')
    return reader.events.some(({ event }) => event === 'request')
  })
  t.match((await told).data, {
    method: 'GET',
    route: '/api/v1/items/:id',
    status: 404,
    tier: 'anonymous',
    instanceId: 'api-test',
  })
  reader.close()
})

t.test('what was done is told of as it happens, and once', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const reader = await readEvents(t, url, bearer(admin.key))
  // The feed begins a moment after somebody watches: what is done until then is no news.
  await eventually(t, async () => {
    await admin.post('/api/v1/admin/cache/clear')
    return reader.events.some(({ event }) => event === 'audit')
  })
  const { data } = await reader.first(({ event }) => event === 'audit')
  t.match(data, { action: 'cache.clear', actorId: admin.id, outcome: 'done', createdAt: /Z$/ })
  await more(reader, pictures(reader).length + 6)
  const ids = reader.events
    .filter(({ event }) => event === 'audit')
    .map((event) => (event.data as { id: number }).id)
  t.equal(new Set(ids).size, ids.length)
  reader.close()
})

t.test('it ends for whose key is deleted, and says why; for who may no longer read it, too', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const other = await app.member({ role: 'admin' })
  const readers = await Promise.all([admin, other].map(({ key }) => readEvents(t, url, bearer(key))))
  const keys = await admin.get<{ data: { id: number }[] }>('/api/v1/api-keys')
  t.equal((await admin.delete(`/api/v1/api-keys/${keys.body.data[0]?.id}`)).status, 204)
  const [ended, goesOn] = readers
  t.match(await ended?.first(({ event }) => event === 'end'), { data: { reason: 'revoked' } })
  await ended?.ended
  const before = goesOn ? pictures(goesOn).length : 0
  if (goesOn) await more(goesOn, before + 2)
  t.notOk(
    goesOn?.events.some(({ event }) => event === 'end'),
    'others go on',
  )
  const boss = await app.member({ role: 'admin' })
  t.equal((await boss.patch(`/api/v1/users/${other.id}`, { role: 'user' })).status, 200)
  t.match(await goesOn?.first(({ event }) => event === 'end'), { data: { reason: 'revoked' } })
})

t.test('it is for admins alone', async (t) => {
  const user = await app.member()
  const refused = async (headers: Record<string, string>) => (await fetch(url, { headers })).status
  t.equal(await refused({}), 401)
  t.equal(await refused(bearer(user.key)), 403)
})

t.test('a drain ends it for everybody, and nobody new is let in', async (t) => {
  const admin = await app.member({ role: 'admin' })
  const reader = await readEvents(t, url, bearer(admin.key))
  await more(reader, 1)
  app.drain()
  t.match(await reader.first(({ event }) => event === 'end'), { data: { reason: 'draining' } })
  await reader.ended
  const refused = await fetch(url, { headers: bearer(admin.key) })
  t.equal(refused.status, 503)
  t.match(await refused.json(), { error: 'draining' })
})
