/** /metrics outside demo mode: for who holds the metrics token, and nobody else; and what stands in it. */

import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import { application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

const { anonymous, member, config } = await application(t)
const bearer = { authorization: `Bearer ${config.METRICS_TOKEN}` }
const scrape = (path: string, headers: Record<string, string> = bearer) =>
  anonymous.get<string>(path, { headers })

for (const path of ['/metrics', '/internal/metrics']) {
  t.test(`the metrics token opens ${path}, though it is no principal`, async (t) => {
    const { status, headers, body } = await scrape(path)
    t.equal(status, 200)
    t.match(headers['content-type'], 'text/plain')
    t.match(body, '# TYPE ')
  })

  t.test(`no token, another one, and an admin are refused at ${path}`, async (t) => {
    t.equal((await anonymous.get(path)).status, 401)
    t.equal((await scrape(path, { authorization: 'Bearer another-token' })).status, 401)
    t.equal((await (await member({ role: 'admin' })).get(path)).status, 401)
  })

  t.test(`${path} is OpenMetrics for who asks for it`, async (t) => {
    const { headers, body } = await scrape(path, {
      ...bearer,
      accept: 'application/openmetrics-text; version=1.0.0',
    })
    t.match(headers['content-type'], 'application/openmetrics-text')
    t.match(body, /# EOF\n$/)
  })
}

t.test('what happens is counted where one looks for it', async (t) => {
  const figure = async (name: string): Promise<number> => {
    const { body } = await scrape('/internal/metrics')
    const told = Number(
      body
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    )
    // A command that was not sent yet is in no line.
    return Number.isNaN(told) ? 0 : told
  }
  // Done again where need be: while Redis is slow, a read goes past the cache.
  const grows = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const before = await figure(name)
    await eventually(t, async () => {
      await work()
      return (await figure(name)) > before
    })
  }
  let asked = 0
  const nextList = () => user.get(`/api/v1/items?skip=${++asked}`)
  const user = await member()
  const item = { title: 'Counted', priceCents: 1 }
  await grows('sluice_writes_total{resource="items"}', () => user.post('/api/v1/items', item))
  await grows('sluice_limit_decisions_total{policy="free",decision="allowed"}', () => user.get('/api/v1/me'))
  await grows('sluice_refusals_total{code="unauthorized"}', () => anonymous.get('/api/v1/me'))
  await grows('sluice_sign_ins_total{result="failed"}', () =>
    anonymous.post('/api/v1/auth/login', { email: 'nobody@example.com', password: 'wrong' }),
  )
  await grows('sluice_sign_ins_total{result="throttled"}', async () => {
    for (let tries = 0; tries < 25; tries++) {
      await anonymous.post('/api/v1/auth/login', { email: 'guessed-at@example.com', password: 'wrong' })
    }
  })
  await grows('sluice_postgres_call_duration_seconds_count{kind="read"}', nextList)
  await grows('sluice_redis_call_duration_seconds_count{command="evalsha"}', nextList)
  await grows('sluice_cache_reads_total{kind="items",result="miss"}', nextList)
  await eventually(t, async () => (await figure('sluice_dependency_up{dependency="postgres"}')) === 1)
  await eventually(t, async () => (await figure('sluice_limit_local')) === 0)
  t.equal(await figure('sluice_postgres_pool_max'), config.DATABASE_POOL_MAX)
})

const skip = spawnSync('promtool', ['--version']).error ? 'promtool is not installed here' : false

t.test('promtool finds nothing to mend', { skip }, async (t) => {
  for (const path of ['/metrics', '/internal/metrics']) {
    const { body } = await scrape(path)
    t.doesNotThrow(() => execFileSync('promtool', ['check', 'metrics'], { input: body }))
  }
})

t.test('no label holds an id: as many series after a hundred others as before', async (t) => {
  const user = await member()
  const series = async (): Promise<number> => {
    const { body } = await scrape('/internal/metrics')
    return body.split('\n').filter((line) => !line.startsWith('#')).length
  }
  const ask = (id: number) =>
    Promise.all([
      user.get(`/api/v1/items/${id}`),
      anonymous.get(`/nowhere/${id}`),
      anonymous.get(`/api/v1/x${id}`),
    ])
  for (let id = 1; id <= 3; id++) await ask(id)
  const before = await series()
  for (let id = 1_000; id < 1_050; id++) await ask(id)
  // Redis commands may come up for the first time meanwhile; each brings its buckets.
  t.ok((await series()) - before < 100)
})
