/** What clients do to a connection: hang up early, send what is no request, send too much. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { insertMember } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import { openConnection, readyReplica, replicaSettings } from '#tests/support/replica-process.ts'

const host = '127.0.0.1'
const port = 27_013

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`
const post = (path: string, key: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
  `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

t.test('a client that goes away before its answer is not counted as in flight for ever', async (t) => {
  const settings = await replicaSettings(t, port)
  const url = String(settings.DATABASE_URL)
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 5_000, name: 'test' })
  t.teardown(() => database.close())
  const { key } = await insertMember(database)
  await readyReplica(t, settings)
  const body = JSON.stringify({ name: 'never answered', type: 'document' })
  for (const sent of [body, body.slice(0, 5)]) {
    const connection = await openConnection(t, { port, host })
    connection.send(post('/api/v1/resources', key, body.length) + sent)
    connection.destroy()
  }
  const bad = await openConnection(t, { port, host })
  bad.send(get('/api/v1/resources/%ff'))
  t.match(await bad.answer(), { status: 400, headers: { 'x-request-id': /./, 'x-served-by': 'api-process' } })
  bad.send('NONSENSE\r\n\r\n')
  t.match(await bad.answer(), { status: 400, headers: { 'x-request-id': /./ }, body: /"bad_request"/ })
  await eventually(t, async () => {
    const answer = await fetch(`http://${host}:${port}/internal/metrics`, {
      headers: { authorization: `Bearer ${settings.METRICS_TOKEN}` },
    })
    // The one that asks is in flight itself.
    return (await answer.text()).includes('\nhttp_requests_in_flight 1\n')
  })
  const large = await openConnection(t, { port, host })
  large.send(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`)
  t.match(await large.answer(), { status: 431, body: /"headers_too_large"/ })
})
