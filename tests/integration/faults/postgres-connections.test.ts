/** Postgres without a connection to give: others hold them all. */

import t, { type Test } from 'tap'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { application, insertMember } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'

const path = '/api/v1/resources'
const body = { name: 'One', type: 'document' }
const maxConnections = 10

const session = (t: Test, url: string, name: string): Postgres => {
  const opened = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name })
  t.teardown(() => opened.close())
  return opened
}

/** Takes every connection there is, the application's too; returns what gives them back. */
async function takeAll(t: Test, url: string): Promise<() => Promise<unknown>> {
  // From another database, and while nobody may enter the application's: it would take them back first.
  const elsewhere = new URL(url)
  elsewhere.pathname = '/postgres'
  const own = session(t, elsewhere.href, 'own')
  const allow = (is: boolean) => own.text(`alter database sluice allow_connections ${is}`)
  await allow(false)
  await own.text("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'sluice'")
  const taken: Postgres[] = []
  await eventually(
    t,
    async () => {
      const next = session(t, elsewhere.href, 'taker')
      await next.ping()
      return taken.push(next) === maxConnections - 1
    },
    { withinMs: 30_000 },
  )
  await allow(true)
  return () => Promise.all(taken.map((each) => each.close()))
}

t.test('without a connection writes are refused, known reads go on, and it mends itself', async (t) => {
  const url = await ownPostgres(t, {
    max_connections: String(maxConnections),
    superuser_reserved_connections: '0',
    max_wal_senders: '0',
  })
  const { id, key } = await insertMember(session(t, url, 'own'))
  const app = await application(t, () => ({ DATABASE_URL: url, CIRCUIT_RESET_TIMEOUT: '200' }))
  const headers = { authorization: `Bearer ${key}` }
  const made = await app.anonymous.post<{ id: number; ownerId: number }>(path, body, { headers })
  t.match(made, { status: 201, body: { ownerId: id } })
  const known = `${path}/${made.body.id}`
  await eventually(t, async () =>
    (await app.anonymous.get(known)).headers['cache-status']?.includes('detail=l1'),
  )

  const giveBack = await takeAll(t, url)
  t.match(
    await session(t, url, 'late')
      .ping()
      .catch(({ cause }) => cause),
    { code: '53300' },
  )

  for (let round = 0; round < 8; round++) {
    const refused = await app.anonymous.post(path, body, { headers })
    t.match(refused, { status: 503, body: { error: 'dependency_unavailable' } }, `write ${round}`)
    t.match(refused.headers, {
      'retry-after': /^[1-9]\d*$/,
      'content-type': /^application\/problem\+json/,
    })
    t.notMatch(JSON.stringify(refused.body), /client|slot|postgres/i, 'nothing of the inside shows')
    t.match(await app.anonymous.get(known), { status: 200, body: made.body }, 'what is known is answered')
  }
  t.match(await app.anonymous.get(`${known}0`), { status: 503, headers: { 'retry-after': /^\d+$/ } })
  t.equal((await app.anonymous.get('/health/ready')).status, 200)

  await giveBack()
  await eventually(t, async () => (await app.anonymous.post(path, body, { headers })).status === 201)
  t.equal((await app.anonymous.get(`${known}0`)).status, 404)
})
