/** Breaking things on purpose: bounded, told of, in demo mode only; and what goes on in the meantime. */

import t from 'tap'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

const app = await application(t, () => ({ DEMO: 'true' }))
const admin = await app.member({ role: 'admin' })
const path = '/api/v1/admin/experiments'
const otherPort = 27_091
const stringsOf = (config: object): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)]))

const audited = async (action: string) =>
  (await admin.get<{ data: object[] }>(`/api/v1/admin/audit?action=experiments.${action}`)).body.data
const redisState = async () =>
  (await app.anonymous.get<{ dependencies: { redis: string } }>('/health/ready')).body.dependencies.redis
const admission = async () =>
  (
    await admin.get<{ admission: { running: number; waiting: number; admitted: number } }>(
      '/api/v1/admin/dashboard',
    )
  ).body.admission

t.test('a replica that is cut off from Redis goes on, and comes back by itself', async (t) => {
  t.match(await admin.post(`${path}/cut-redis`, { seconds: 5 }), {
    status: 202,
    body: { experiment: 'cut-redis', replicas: ['api-test'] },
  })
  await eventually(t, async () => (await redisState()) === 'down')
  t.equal((await app.anonymous.get('/api/v1/items')).status, 200)
  t.equal((await admin.post('/api/v1/items', { title: 'written without Redis' })).status, 201)
  await eventually(t, async () => (await redisState()) === 'up')
  t.equal((await audited('cut-redis')).length, 1)
})

t.test('a flood takes places of the lowest priority, one at a time, and ends', async (t) => {
  const before = (await admission()).admitted
  const asked = { requests: 400, holdMs: 500 }
  const answers = await Promise.all([1, 2].map(() => admin.post(`${path}/flood`, asked)))
  t.strictSame(answers.map(({ status }) => status).sort(), [202, 409], 'one at a time')
  t.match(
    answers.find(({ status }) => status === 202),
    { body: { experiment: 'flood', replicas: ['api-test'] } },
  )
  t.equal((await app.anonymous.get('/health/ready')).status, 200)
  await eventually(t, async () => {
    const { running, waiting, admitted } = await admission()
    return admitted > before && running <= 1 && waiting === 0
  })
  await eventually(
    t,
    async () => (await admin.post(`${path}/flood`, { requests: 1, holdMs: 1 })).status === 202,
  )
  t.equal((await audited('flood')).length, 2)
})

t.test('the last replica cannot be asked to crash, and one that is not there is not found', async (t) => {
  t.match(await admin.post(`${path}/crash`, { instanceId: 'api-test' }), { status: 409 })
  t.match(await admin.post(`${path}/crash`, { instanceId: 'api-none' }), { status: 404 })
  t.equal((await audited('crash')).length, 0)
})

t.test('each has its bounds, and is for admins', async (t) => {
  t.equal((await admin.post(`${path}/cut-redis`, { seconds: 16 })).status, 400)
  t.equal((await admin.post(`${path}/flood`, { requests: 501 })).status, 400)
  t.equal((await admin.post(`${path}/flood`, { holdMs: 501 })).status, 400)
  t.equal((await (await app.member()).post(`${path}/flood`, {})).status, 403)
})

t.test('outside demo mode there is nothing of it', async (t) => {
  const real = await application(t)
  const boss = await real.member({ role: 'admin' })
  for (const name of ['crash', 'cut-redis', 'flood']) {
    t.equal((await boss.post(`${path}/${name}`, {})).status, 404)
  }
})

t.test('one that only lost Redis is seen as what it is: asked directly, and not called down', async (t) => {
  const other = await compose(
    loadConfig({ ...stringsOf(app.config), INSTANCE_ID: 'api-other', PORT: String(otherPort) }),
  )
  await other.app.listen({ port: otherPort, host: '127.0.0.1' })
  await other.start()
  t.teardown(async () => {
    await other.app.close()
    await other.close()
  })
  interface Seen {
    readonly instanceId: string
    readonly state: string
    readonly redis: { readonly isUp: boolean }
  }
  const seen = async () =>
    (await admin.get<{ replicas: Seen[] }>('/api/v1/admin/replicas')).body.replicas.find(
      ({ instanceId }) => instanceId === 'api-other',
    )
  const isSeen = (isUp: boolean) =>
    eventually(
      t,
      async () => {
        const replica = await seen()
        return replica?.state === 'up' && replica.redis.isUp === isUp
      },
      { withinMs: 30_000 },
    )
  await isSeen(true)
  t.equal((await admin.post(`${path}/cut-redis`, { instanceId: 'api-other', seconds: 8 })).status, 202)
  // Through Redis it cannot tell this.
  await isSeen(false)
  await isSeen(true)
  t.equal((await fetch(`http://127.0.0.1:${otherPort}/internal/beat`)).status, 401)
})
