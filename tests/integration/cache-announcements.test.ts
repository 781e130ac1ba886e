/** The way round through Postgres, with two or three replicas that share one database. */

import postgres from 'postgres'
import t from 'tap'
import { postgresAddress } from '#platform/postgres-address.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'
import type { Scope } from '#tests/support/scope.ts'

async function replicas(t: Scope, count: number) {
  const { url, askPrimary: _, ...place } = postgresAddress(await testDatabase(t))
  return Array.from({ length: count }, (_, index) => {
    const sql = postgres(url, { ...place, max: 1, onnotice: () => {} })
    t.teardown(() => sql.end({ timeout: 1 }))
    const detour = postgresAnnouncements({ sql, id: `r${index}`, timeoutMs: 5_000 })
    return { sql, detour, relayed: [] as string[] }
  })
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
  const { url, askPrimary: _, ...place } = postgresAddress(await testDatabase(t))
  const open = () => {
    const sql = postgres(url, { ...place, max: 1, onnotice: () => {} })
    t.teardown(() => sql.end({ timeout: 1 }))
    return sql
  }
  const other = postgresAnnouncements({ sql: open(), id: 'other' })
  other.onAnnounced(async () => {
    throw new Error('Redis is away here too')
  })
  await other.catchUp()
  const writer = postgresAnnouncements({ sql: open(), id: 'writer', timeoutMs: 100 })
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

t.test('a database that is away rejects, and is listened to when it is back', async (t) => {
  const { url, askPrimary: _, ...place } = postgresAddress(await testDatabase(t))
  const address = new URL(url)
  address.pathname = '/not_there_yet'
  const sql = postgres(address.href, { ...place, max: 1, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  const detour = postgresAnnouncements({ sql, id: 'r', timeoutMs: 5_000 })
  await t.rejects(detour.catchUp())
  const server = postgres(url, { ...place, max: 1 })
  await server.unsafe('create database not_there_yet')
  t.teardown(async () => {
    await server.unsafe('drop database not_there_yet with (force)')
    await server.end()
  })
  // As the lease does: it asks again with every beat.
  t.ok(await eventually(t, () => detour.catchUp().then(() => true)))
})

t.test('one that cannot listen is closed without a failure', async (t) => {
  const { url, askPrimary: _, ...place } = postgresAddress(await testDatabase(t))
  const address = new URL(url)
  address.pathname = '/never_there'
  const sql = postgres(address.href, { ...place, max: 1, onnotice: () => {} })
  t.teardown(() => sql.end({ timeout: 1 }))
  const detour = postgresAnnouncements({ sql, id: 'r', timeoutMs: 5_000 })
  detour.onAnnounced(async () => {})
  await t.resolves(detour.close())
})
