/** One replica as a process: when it is ready, what it answers while it drains, how it ends. */

import { existsSync } from 'node:fs'
import t, { type Test } from 'tap'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { insertMember } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import {
  openConnection,
  type ReplicaProcess,
  readyReplica,
  replicaSettings,
} from '#tests/support/replica-process.ts'

const firstPort = 27_010
const host = '127.0.0.1'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
const post = (path: string, key: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
  `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

const openDatabase = (t: Test, url: string): Postgres => {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 5_000, name: 'test' })
  t.teardown(() => database.close())
  return database
}

const logged = (replica: ReplicaProcess): Record<string, unknown>[] =>
  replica
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal}: answers what is in flight and what still arrives, then exits 0`, async (t) => {
    const port = firstPort + (signal === 'SIGTERM' ? 0 : 1)
    const settings = await replicaSettings(t, port)
    const database = openDatabase(t, String(settings.DATABASE_URL))
    const { key } = await insertMember(database)
    const replica = await readyReplica(t, settings)
    t.ok(existsSync(String(settings.SOCKET_PATH)))

    const body = JSON.stringify({ name: 'in flight', type: 'document' })
    const inFlight = await openConnection(t, { port, host })
    inFlight.send(post('/api/v1/resources', key, body.length) + body.slice(0, 10))
    const idle = await openConnection(t, { path: String(settings.SOCKET_PATH) })
    const watching = await openConnection(t, { port, host })
    watching.send(get('/health/ready'))
    t.not((await watching.answer()).headers.connection, 'close')

    replica.child.kill(signal)
    await eventually(t, () => replica.stdout().includes('"draining"'))
    watching.send(get('/health/ready'))
    const readiness = await watching.answer()
    t.match(readiness, { status: 503, headers: { connection: 'close' }, body: /"draining"/ })
    await watching.ended
    await t.rejects(openConnection(t, { port, host }), { code: 'ECONNREFUSED' }, 'nobody new is let in')

    idle.send(get('/api/v1/status'))
    t.match(await idle.answer(), { status: 200, headers: { connection: 'close' } }, 'what still arrives')
    await idle.ended
    inFlight.send(body.slice(10))
    t.match(await inFlight.answer(), { status: 201 }, 'what was in flight')
    // It came before the drain: its client may keep the connection, and closes it as the balancer does.
    inFlight.destroy()
    t.equal(await replica.exited, 0)
    t.equal(replica.stderr(), '')
    t.notOk(existsSync(String(settings.SOCKET_PATH)), 'its socket is gone')
    t.equal((await database.text(`select from resources where name = 'in flight'`)).length, 1)

    const lines = logged(replica)
    const paths = lines.filter(({ msg }) => msg === 'request').map(({ path }) => path)
    t.equal(paths.filter((path) => path === '/api/v1/resources').length, 1, 'each request has its line')
    t.equal(paths.filter((path) => path === '/api/v1/status').length, 1)
    t.notMatch(replica.stdout(), key, 'no line holds a credential')
  })
}

t.test(
  'a second signal ends it at once, with 1; an idle client holds it no longer than the time set',
  async (t) => {
    const settings = await replicaSettings(t, firstPort + 2)
    const port = firstPort + 2
    const first = await readyReplica(t, settings)
    const held = await openConnection(t, { port, host })
    first.child.kill('SIGTERM')
    await eventually(t, () => first.stdout().includes('"draining"'))
    first.child.kill('SIGTERM')
    t.equal(await first.exited, 1)
    await held.ended

    const second = await readyReplica(t, { ...settings, DRAIN_TIMEOUT_MS: '200' })
    const idle = await openConnection(t, { port, host })
    second.child.kill('SIGTERM')
    await idle.ended
    t.equal(await second.exited, 0)
  },
)
