/** The way round through Postgres, with two or three replicas that share one database. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'
import type { Scope } from '#tests/support/scope.ts'

function detourAt(t: Scope, url: string, id: string, timeoutMs = 5_000) {
  const postgres = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: id })
  const detour = postgresAnnouncements({ postgres, id, timeoutMs })
  t.teardown(async () => {
    await detour.close()
    await postgres.close()
  })
  return detour
}

async function replicas(t: Scope, count: number) {
  const url = await testDatabase(t)
  return Array.from({ length: count }, (_, index) => ({
    detour: detourAt(t, url, `r${index}`),
    relayed: [] as string[],
  }))
}

t.test('an announcement settles once another replica has invalidated the names', async (t) => {
  const [writer, other] = await replicas(t, 2)
  if (!writer || !other) throw new Error('no replicas')
  const invalidated = Promise.withResolvers<void>()
  writer.detour.onAnnounced(async (names) => void writer.relayed.push(...names))
  other.detour.onAnnounced(async (names) => {
    other.relayed.push(...names)
    await invalidated.promise
  })
  await other.detour.catchUp()
  let isDone = false
  const announced = writer.detour.announce(['item:1', 'items']).then(() => {
    isDone = true
  })
  await eventually(t, () => other.relayed.length > 0)
  t.equal(isDone, false)
  invalidated.resolve()
  await announced
  t.strictSame(other.relayed, ['item:1', 'items'])
  t.strictSame(writer.relayed, [], 'not by its own announcement')
  await other.detour.close()
})

t.test('an announcement that nobody could follow rejects', async (t) => {
  const url = await testDatabase(t)
  const other = detourAt(t, url, 'other')
  other.onAnnounced(async () => {
    throw new Error('Redis is away here too')
  })
  await other.catchUp()
  const writer = detourAt(t, url, 'writer', 100)
  await t.rejects(writer.announce(['item:1']), { message: /longer than 100 ms/ })
})

t.test('after catching up, everything announced before has been received', async (t) => {
  const [writer, other] = await replicas(t, 2)
  if (!writer || !other) throw new Error('no replicas')
  other.detour.onAnnounced(async (names) => void other.relayed.push(...names))
  await other.detour.catchUp()
  await Promise.all([1, 2, 3].map((id) => writer.detour.announce([`item:${id}`])))
  await other.detour.catchUp()
  t.strictSame(other.relayed.toSorted(), ['item:1', 'item:2', 'item:3'])
})

t.test('what is too long for one notification is announced as everything', async (t) => {
  const [writer, other] = await replicas(t, 2)
  if (!writer || !other) throw new Error('no replicas')
  other.detour.onAnnounced(async (names) => void other.relayed.push(...names))
  await other.detour.catchUp()
  await writer.detour.announce(Array.from({ length: 2_000 }, (_, id) => `item:${id}`))
  t.strictSame(other.relayed, ['*'])
})

const named = (url: string, name: string): string =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href

t.test('a database that is away rejects, and is listened to when it is back', async (t) => {
  const url = await testDatabase(t)
  const detour = detourAt(t, named(url, 'not_there_yet'), 'r')
  await t.rejects(detour.catchUp())
  const server = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: 'server' })
  await server.text('create database not_there_yet')
  t.teardown(async () => {
    await server.text('drop database not_there_yet with (force)')
    await server.close()
  })
  // As the lease does: it asks again with every beat.
  t.ok(await eventually(t, () => detour.catchUp().then(() => true)))
})

t.test('a listener whose connection was ended hears again without being asked', async (t) => {
  const url = await testDatabase(t)
  const server = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: 'server' })
  t.teardown(() => server.close())
  const heard: string[] = []
  const listener = server.listen('news', (text) => heard.push(text))
  t.teardown(() => listener.close())
  await listener.ready()
  const ended = await server.text(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and application_name = 'server'`,
  )
  t.equal(ended.length, 1)
  await eventually(t, async () => {
    await server.text(`select pg_notify('news', 'again')`)
    return heard.length > 0
  })
  t.equal(heard[0], 'again')
})

t.test('one that cannot listen is closed without a failure', async (t) => {
  const detour = detourAt(t, named(await testDatabase(t), 'never_there'), 'r')
  detour.onAnnounced(async () => {})
  await t.resolves(detour.close())
})
