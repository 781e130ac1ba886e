/** Redis or Postgres away, frozen, back again: what still answers, what is refused at once, and that it mends itself. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Application, application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type Channel, cutChannel } from './cut-channel.ts'
import { type Severable, severable } from './severable.ts'

const path = '/api/v1/resources'
const body = { name: 'One', type: 'document' }

const folder = (t: Test): string => {
  const made = mkdtempSync(join(tmpdir(), 'sluice-outage-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** An application that reaches Postgres through a door that the test can shut. */
async function behindPostgresDoor(t: Test): Promise<{ app: Application; postgres: Severable }> {
  const sockets = folder(t)
  let postgres: Severable | undefined
  const app = await application(t, async (database) => {
    const address = new URL(database)
    const file = `.s.PGSQL.${address.port || 5432}`
    const real = join(address.searchParams.get('host') ?? '', file)
    postgres = await severable(t, join(sockets, file), real)
    address.searchParams.set('host', sockets)
    return {
      DATABASE_URL: address.href,
      DATABASE_TIMEOUT_MS: '1000',
      CIRCUIT_RESET_TIMEOUT: '200',
      CACHE_TTL: '1',
    }
  })
  if (!postgres) throw new Error('the application did not ask for its settings')
  return { app, postgres }
}

const dependency = async (app: Application, name: string): Promise<string | undefined> =>
  (await app.anonymous.get<{ dependencies: Record<string, string> }>('/health/ready')).body.dependencies[name]

t.test('Postgres away: known reads go on, writes are refused at once, and it mends itself', async (t) => {
  const { app, postgres } = await behindPostgresDoor(t)
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  const url = `${path}/${made.id}`
  await app.anonymous.get(url)
  // From memory: until then a read may still bring the answer from Postgres.
  await eventually(t, async () =>
    (await app.anonymous.get(url)).headers['cache-status']?.includes('detail=l1'),
  )
  const { body: list } = await app.anonymous.get(path)
  await eventually(t, async () =>
    (await app.anonymous.get(path)).headers['cache-status']?.includes('detail=l1'),
  )
  postgres.sever()
  await eventually(t, async () => (await dependency(app, 'postgres')) === 'down')
  t.equal((await app.anonymous.get('/health/ready')).status, 200, 'a shared dependency takes no replica out')

  t.match(await app.anonymous.get(url), { status: 200, body: made }, 'what is known is answered')
  // Refused writes leave known what they would have changed, the first of an outage too.
  const refusedCreate = await member.post(path, body)
  t.match(refusedCreate, { status: 503, body: { error: 'dependency_unavailable' } })
  t.match(await app.anonymous.get(path), { status: 200, body: list }, 'also the list it would be in')
  const many = await Promise.all(Array.from({ length: 50 }, () => member.patch(url, { name: 'x' })))
  t.ok(many.every(({ status }) => status === 503))
  t.match(await app.anonymous.get(url), { status: 200, body: made }, 'as it was before')
  const refused = await member.post(path, body)
  t.match(refused, { status: 503, body: { error: 'dependency_unavailable' } })
  t.match(refused.headers['retry-after'], /^[1-9]\d*$/)
  t.notMatch(JSON.stringify(refused.body), /postgres|socket|ECONN|ENOENT/i, 'nothing of the inside shows')
  const unknown = await app.anonymous.get(`${path}/${made.id + 1}`)
  t.match(unknown, { status: 503, headers: { 'retry-after': /^\d+$/ } }, 'what is not known cannot be')
  t.equal((await app.anonymous.get('/api/v1/status')).status, 200)
  await eventually(t, async () =>
    /hit; ttl=-\d/.test(String((await app.anonymous.get(url)).headers['cache-status'])),
  )
  t.match(await app.anonymous.get(url), { status: 200, body: made }, 'past its time it is answered as stale')

  await postgres.restore()
  await eventually(t, async () => (await member.post(path, body)).status === 201)
  await eventually(t, async () => (await dependency(app, 'postgres')) === 'up')
})

t.test('Redis away: nothing fails for it, limits hold locally, and it mends itself', async (t) => {
  let redis: Severable | undefined
  const app = await application(t, async (_database, url) => {
    const socket = join(folder(t), 'redis.sock')
    redis = await severable(t, socket, url.replace('unix://', ''))
    return { REDIS_URL: `unix://${socket}`, REDIS_TIMEOUT_MS: '200', RATE_LIMIT_ANONYMOUS: '30' }
  })
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  redis?.sever()
  await eventually(t, async () => (await dependency(app, 'redis')) === 'down')
  const url = `${path}/${made.id}`
  for (let round = 0; round < 3; round++) {
    const name = `round ${round}`
    t.match(await member.patch(url, { name }), { status: 200 })
    t.match(await member.get(url), { status: 200, body: { name } }, 'a read sees the write before it')
  }
  t.equal((await member.post(path, body)).status, 201)
  t.equal((await app.member()).id > 0, true)
  const fresh = await app.member()
  t.equal((await fresh.get('/api/v1/me')).status, 200, 'a credential nobody has seen is checked')
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => app.anonymous.get('/api/v1/status', { remoteAddress: '192.0.2.7' })),
  )
  const passed = answers.filter(({ status }) => status === 200).length
  t.ok(passed > 0 && passed <= 31, `${passed} passed`)
  const denied = answers.find(({ status }) => status === 429)
  t.match(denied, {
    body: { error: 'rate_limited' },
    headers: { 'retry-after': /^\d+$/, 'ratelimit-policy': '"anonymous";q=30;w=60' },
  })
  await redis?.restore()
  await eventually(t, async () => (await dependency(app, 'redis')) === 'up')
  await eventually(t, async () => (await member.get(url)).headers['cache-status']?.includes('hit'))
})

t.test('Redis frozen: connections stay open and nothing comes back; every request is answered', async (t) => {
  let channel: Channel | undefined
  const app = await application(t, async (_database, url) => {
    channel = await cutChannel(t, join(folder(t), 'redis.sock'), url.replace('unix://', ''))
    return { REDIS_URL: `unix://${channel.socketPath}`, REDIS_TIMEOUT_MS: '150' }
  })
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  channel?.cut()
  const answers = await Promise.all([
    member.get(`${path}/${made.id}`),
    member.patch(`${path}/${made.id}`, { name: 'while frozen' }),
    member.post(path, body),
    app.anonymous.get(path),
  ])
  t.strictSame(
    answers.map(({ status }) => status),
    [200, 200, 201, 200],
  )
  t.match(await member.get(`${path}/${made.id}`), { body: { name: 'while frozen' } })
  channel?.mend()
  await eventually(t, async () => (await dependency(app, 'redis')) === 'up')
})
