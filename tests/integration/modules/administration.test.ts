/** What an admin sees of the running system and does to it: on one replica here, on three in tests/system. */

import { Redis } from 'ioredis'
import t from 'tap'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { application, type Member } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

const one = await application(t)
const admin = await one.member({ role: 'admin' })

/** A second replica of the same fleet. */
const two = await compose(loadConfig({ ...stringsOf(one.config), INSTANCE_ID: 'api-other', PORT: '27090' }))
await two.app.listen({ port: 27_090, host: '127.0.0.1' })
await two.start()
t.teardown(async () => {
  await two.app.close()
  await two.close()
})

function stringsOf(config: object): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]))
}

const atTwo = async <Body>(method: 'GET' | 'PUT' | 'POST', url: string, body?: object) => {
  const response = await two.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${admin.key}` },
    ...(body && { payload: body }),
  })
  return { status: response.statusCode, body: response.json() as Body }
}

const path = '/api/v1/admin'
const audited = async (by: Member, action: string) =>
  (await by.get<{ data: object[] }>(`${path}/audit?action=${action}&sort=-createdAt`)).body.data

await eventually(t, async () => {
  const { body } = await admin.get<{ replicas: object[] }>(`${path}/replicas`)
  return body.replicas.length === 2
})

t.test('the dashboard tells what there is and how all replicas are, and no address', async (t) => {
  const { status, body } = await admin.get<Record<string, object>>(`${path}/dashboard`)
  t.equal(status, 200)
  t.match(body, {
    instanceId: 'api-test',
    replicas: [
      { instanceId: 'api-other', state: 'up' },
      { instanceId: 'api-test', state: 'up' },
    ],
    totals: { users: Number, resources: Number, items: Number, sessions: Number },
    load: { requestsPerSecond: Number, p99Ms: Number },
    admission: { limit: Number, shed: { anonymous: Number, admin: Number } },
    breakers: [{ name: 'postgres-reads', state: 'closed', forced: 'auto' }],
  })
  t.notMatch(JSON.stringify(body), /27090|http:/)
})

t.test('the cache is told of by kind and of all replicas; clearing it is audited', async (t) => {
  await one.anonymous.get('/api/v1/items')
  await one.anonymous.get('/api/v1/items')
  await eventually(t, async () => {
    const { body } = await admin.get<{ totals: { hits: number } }>(`${path}/cache`)
    return body.totals.hits > 0
  })
  const { body } = await admin.get<object>(`${path}/cache`)
  t.match(body, {
    kinds: { items: { hit: Number, miss: Number } },
    replicas: [{ instanceId: 'api-other' }, { instanceId: 'api-test' }],
    hitRatio: Number,
  })
  t.equal((await admin.post(`${path}/cache/clear`)).status, 200)
  t.match(await audited(admin, 'cache.clear'), [{ target: 'cache', actorId: admin.id }])
})

t.test('who spends most is told of all replicas together', async (t) => {
  const member = await one.member()
  const ask = (app: typeof two.app) =>
    app.inject({ url: '/api/v1/me', headers: { authorization: `Bearer ${member.key}` } })
  interface Report {
    readonly replicas: number
    readonly topKeys: readonly { key: string; spent: number }[]
    readonly decisions: readonly { policy: string; allowed: number; denied: number }[]
  }
  let body: Report | undefined
  // A bucket that is idle for a second is forgotten: on a machine that stalls it takes another round.
  await eventually(t, async () => {
    for (let each = 0; each < 10; each++) await Promise.all([ask(one.app), ask(two.app)])
    ;({ body } = await admin.get<Report>(`${path}/rate-limits`))
    return Number(body.topKeys.find(({ key }) => key.endsWith(`:${member.id}`))?.spent) >= 20
  })
  t.equal(body?.replicas, 2)
  t.ok((body?.decisions.find(({ policy }) => policy === 'free')?.allowed ?? 0) >= 20)
  const asAnyone = await fetch('http://127.0.0.1:27090/internal/rate-limits')
  t.equal(asAnyone.status, 401, 'the part of one replica is for replicas alone')
})

t.test('a breaker that is forced is forced at all replicas, until it is taken back', async (t) => {
  interface Breakers {
    readonly breakers: readonly { name: string; state: string; forced: string }[]
  }
  const forcedAtTwo = async () =>
    (await atTwo<Breakers>('GET', `${path}/circuit-breakers`)).body.breakers.find(
      ({ name }) => name === 'external',
    )?.forced
  const breaker = `${path}/circuit-breakers/external`
  const forced = await admin.put<{ until: string }>(breaker, { state: 'open', forSeconds: 60 })
  t.match(forced, { status: 200, body: { breaker: { name: 'external', state: 'open', forced: 'open' } } })
  t.ok(Date.parse(forced.body.until) > Date.now())
  await eventually(t, async () => (await forcedAtTwo()) === 'open')
  t.match(await admin.put(breaker, { state: 'auto' }), {
    status: 200,
    body: { breaker: { forced: 'auto' }, until: null },
  })
  await eventually(t, async () => (await forcedAtTwo()) === 'auto')
  t.equal((await audited(admin, 'circuit-breakers.force')).length, 2)
  t.equal((await admin.put(`${path}/circuit-breakers/unknown`, { state: 'open' })).status, 404)
  t.equal((await admin.put(breaker, { state: 'ajar' })).status, 400)
})

t.test('the level of the logs changes at all replicas, and back', async (t) => {
  const level = `${path}/log-level`
  t.match(await admin.get(level), { body: { level: 'silent', configured: 'silent', until: null } })
  t.match(await admin.put(level, { level: 'error', forSeconds: 60 }), {
    status: 200,
    body: { level: 'error', configured: 'silent', until: String },
  })
  await eventually(t, () => two.logger.level === 'error')
  t.match(await admin.put(level, { level: 'silent' }), { body: { level: 'silent', until: null } })
  await eventually(t, () => two.logger.level === 'silent')
  t.equal((await audited(admin, 'log-level.set')).length, 2)
})

t.test('a drained replica says so, and serves again when that is taken back', async (t) => {
  const ready = async () => (await two.app.inject('/health/ready')).statusCode
  const changes: string[] = []
  two.onPresence((presence) => changes.push(presence))
  t.match(await admin.post(`${path}/replicas/api-other/drain`), {
    status: 202,
    body: { replica: { instanceId: 'api-other' } },
  })
  await eventually(t, async () => (await ready()) === 503)
  await eventually(t, async () => {
    const { body } = await admin.get<{ replicas: { state: string }[] }>(`${path}/replicas`)
    return body.replicas[0]?.state === 'draining'
  })
  t.match(await admin.post(`${path}/replicas/api-test/drain`), { status: 409, body: { error: 'conflict' } })
  t.equal((await admin.post(`${path}/replicas/api-other/undrain`)).status, 202)
  await eventually(t, async () => (await ready()) === 200)
  t.strictSame(changes, ['drained', 'serving'])
  t.equal((await admin.post(`${path}/replicas/unknown/drain`)).status, 404)
  t.equal((await audited(admin, 'replicas.drain')).length, 1)
})

t.test('the last one stays also when the others were drained at once, and elsewhere', async (t) => {
  await eventually(t, async () => {
    const { body } = await admin.get<{ replicas: { state: string }[] }>(`${path}/replicas`)
    return body.replicas.every(({ state }) => state === 'up')
  })
  t.equal((await atTwo('POST', `${path}/replicas/api-other/drain`)).status, 202)
  t.match(await admin.post(`${path}/replicas/api-test/drain`), { status: 409, body: { error: 'conflict' } })
  t.equal((await admin.post(`${path}/replicas/api-other/undrain`)).status, 202)
  await eventually(t, async () => (await two.app.inject('/health/ready')).statusCode === 200)
})

const redis = new Redis(one.config.REDIS_URL.replace('unix://', ''))
t.teardown(() => redis.disconnect())
const [replicasKey, wishesKey] = [`${one.config.REDIS_PREFIX}replicas`, `${one.config.REDIS_PREFIX}wishes`]

t.test('what Redis loses is not wished for any more', async (t) => {
  await admin.put(`${path}/log-level`, { level: 'error', forSeconds: 60 })
  await eventually(t, () => two.logger.level === 'error')
  await redis.del(wishesKey)
  await eventually(t, () => two.logger.level === 'silent')
})

t.test('what no replica and no admin can have written to Redis does nothing', async (t) => {
  const until = Date.now() + 60_000
  await redis.hset(wishesKey, 'breaker:external', `${until} ajar`, 'drain:api-other', `${until} sometime`)
  await redis.hset(replicasKey, 'a', 'nonsense', 'b', `${Date.now()} {`, 'c', `${Date.now()} null`)
  await redis.hset(replicasKey, 'd', `${Date.now()} {"instanceId":7}`, 'e', `${Date.now() + 1e10} {}`)
  // A wish that both hear with the next beat, after all that.
  await redis.hset(wishesKey, 'log-level', `${until} chatty`)
  await eventually(
    t,
    async () => (await redis.hexists(replicasKey, 'a')) + (await redis.hexists(replicasKey, 'e')) === 0,
  )
  await admin.put(`${path}/circuit-breakers/postgres-writes`, { state: 'closed', forSeconds: 60 })
  interface Breakers {
    readonly breakers: readonly { name: string; state: string; forced: string }[]
  }
  await eventually(t, async () => {
    const { body } = await atTwo<Breakers>('GET', `${path}/circuit-breakers`)
    t.equal(body.breakers.find(({ name }) => name === 'external')?.forced, 'auto')
    return body.breakers.find(({ name }) => name === 'postgres-writes')?.forced === 'closed'
  })
  t.equal(two.logger.level, 'silent')
  const { body } = await admin.get<{ replicas: object[] }>(`${path}/replicas`)
  t.match(body.replicas, [
    { instanceId: 'api-other', state: 'up' },
    { instanceId: 'api-test', state: 'up' },
  ])
  t.equal(body.replicas.length, 2)
  await redis.del(wishesKey)
})

t.test('one that is leaving does not serve again', async (t) => {
  const changes: string[] = []
  two.onPresence((presence) => changes.push(presence))
  await admin.post(`${path}/replicas/api-other/drain`)
  await eventually(t, () => changes.length === 1)
  two.drain()
  await admin.post(`${path}/replicas/api-other/undrain`)
  await admin.put(`${path}/log-level`, { level: 'error', forSeconds: 60 })
  await eventually(t, () => two.logger.level === 'error')
  t.strictSame(changes, ['drained', 'leaving'])
})
