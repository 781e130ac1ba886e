/** A server that asks for passwords: the application has one of its own from the first migration on, or from the next. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { migrate } from '#platform/migrations.ts'
import { openPostgres } from '#platform/postgres.ts'
import { applicationRole } from '#platform/postgres-login.ts'
import { startPostgres } from '#scripts/engine/postgres-server.ts'
import { asApplication } from '#tests/support/database.ts'
import { freePorts } from '#tests/support/ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-login-'))
// Passable: Postgres runs as a user of its own.
chmodSync(folder, 0o711)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

const [port = 0, nobody = 0] = await freePorts(2)
const server = await startPostgres({
  directory: join(folder, 'data'),
  socketDirectory: join(folder, 'run'),
  logFile: join(folder, 'postgres.log'),
  port,
  password: "the owner's",
  settings: { fsync: 'off', shared_buffers: '16MB' },
})
t.teardown(() => server.stop())

const addresses = (): string[] => {
  const socket = new URL(asApplication(server.url))
  socket.password = ''
  return [
    socket.href,
    `postgres://${applicationRole}@127.0.0.1:${port}/sluice`,
    `postgres://${applicationRole}@127.0.0.1:${nobody},127.0.0.1:${port}/sluice`,
  ]
}

/** Who one is, signed in like that. */
async function signedInAs(url: string, password: string): Promise<unknown> {
  const database = openPostgres({
    url,
    password,
    maxConnections: 1,
    statementTimeoutMs: 5_000,
    name: 'test',
    role: applicationRole,
  })
  const ask = () => database.text<{ name: string }>('select session_user::text as name from roles limit 1')
  try {
    // Of several servers the first is tried first, and answers nothing here.
    const [row] = url.includes(',') ? await ask().catch(ask) : await ask()
    return row?.name
  } finally {
    await database.close()
  }
}

t.test('as an earlier version left it, nobody signs in as the application', async (t) => {
  await migrate(server.url)
  for (const url of addresses()) await t.rejects(signedInAs(url, ''), url)
})

t.test('the next migration gives it its password, though there is nothing else to do', async (t) => {
  t.same(await migrate(server.url, { applicationPassword: "the application's" }), [])
  for (const url of addresses()) {
    t.equal(await signedInAs(url, "the application's"), applicationRole, url)
    await t.rejects(signedInAs(url, "the owner's"), 'not with the one of the owner')
  }
})

t.test('the same again changes nothing, and another one takes its place', async (t) => {
  const [url = ''] = addresses()
  await migrate(server.url, { applicationPassword: "the application's" })
  t.equal(await signedInAs(url, "the application's"), applicationRole)
  await migrate(server.url)
  t.equal(await signedInAs(url, "the application's"), applicationRole, 'also where none is given')
  await migrate(server.url, { applicationPassword: 'another' })
  t.equal(await signedInAs(url, 'another'), applicationRole)
  await t.rejects(signedInAs(url, "the application's"))
})
