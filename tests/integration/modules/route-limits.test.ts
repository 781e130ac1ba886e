/** A route's own limits beside the tier's: the tightest answers, nothing is spent of one when another refuses. */

import { Redis } from 'ioredis'
import t from 'tap'
import { application } from '#tests/support/application.ts'

interface RateLimits {
  readonly instanceId: string
  readonly tiers: readonly { tier: string; capacity: number }[]
  readonly routes: readonly { name: string; capacity: number }[]
  readonly topKeys: readonly { key: string; policy: string; spent: number; remaining: number }[]
}

const app = await application(t, () => ({ RATE_LIMIT_SEARCH: '5', RATE_LIMIT_FREE: '1000' }))
const search = '/api/v1/search/items?q=kettle'

/** `r=` of a RateLimit field. */
const left = (headers: Readonly<Record<string, string | undefined>>): number =>
  Number(/;r=(\d+)/.exec(headers.ratelimit ?? '')?.[1])

t.test('the tightest names itself, and refuses whoever asks from that address', async (t) => {
  const [first, second] = [await app.member(), await app.member()]
  const remoteAddress = '192.0.2.1'
  for (let n = 1; n <= 5; n++) {
    const caller = n % 2 === 0 ? first : second
    const { status, headers } = await caller.get(search, { remoteAddress })
    t.equal(status, 200)
    t.equal(headers['ratelimit-policy'], '"search";q=5;w=60')
    t.equal(left(headers), 5 - n)
  }
  const refused = await first.get(search, { remoteAddress })
  t.match(refused, {
    status: 429,
    headers: { 'ratelimit-policy': '"search";q=5;w=60', 'retry-after': /^\d+$/ },
    body: { error: 'rate_limited', detail: 'The quota search is spent.' },
  })
  t.equal((await first.get(search, { remoteAddress: '192.0.2.2' })).status, 200, 'another address')
})

t.test('a refusal by the route spends nothing of the tier', async (t) => {
  const member = await app.member()
  const remoteAddress = '192.0.2.3'
  for (let n = 0; n < 20; n++) await member.get(search, { remoteAddress })
  const { headers } = await member.get('/api/v1/me', { remoteAddress })
  t.equal(headers['ratelimit-policy'], '"free";q=1000;w=60')
  // 5 searches and this request; the refill of the moments between is at most a few tokens.
  t.ok(left(headers) >= 1_000 - 6)
})

t.test('other routes know nothing of it; a batch weighs as ten', async (t) => {
  const member = await app.member()
  const one = await member.post('/api/v1/resources', { name: 'n', type: 't' })
  const before = left(one.headers)
  const batch = await member.post('/api/v1/resources/batch', { resources: [{ name: 'n', type: 't' }] })
  t.equal(batch.status, 201)
  t.ok(before - left(batch.headers) >= 9)
  t.match(batch.headers['ratelimit-policy'], /"free"/)
})

t.test('/admin/rate-limits shows the tiers, the routes and who spends most', async (t) => {
  const [admin, loud] = [await app.member({ role: 'admin' }), await app.member()]
  for (let n = 0; n < 60; n++) await loud.get('/api/v1/me')
  const { status, body } = await admin.get<RateLimits>('/api/v1/admin/rate-limits')
  t.equal(status, 200)
  t.strictSame(
    body.tiers.map(({ tier }) => tier),
    ['anonymous', 'free', 'pro', 'enterprise'],
  )
  t.match(body.routes, [{ name: 'search', capacity: 5 }])
  t.match(body.topKeys[0], { policy: 'free', spent: 60 })
  t.ok(body.topKeys.length <= 20)
})

t.test('RATE_LIMIT_SEARCH_ALGORITHM=sliding-window counts searches by the minute', async (t) => {
  const { anonymous, config } = await application(t, () => ({
    RATE_LIMIT_SEARCH: '5',
    RATE_LIMIT_SEARCH_ALGORITHM: 'sliding-window',
  }))
  const remoteAddress = '192.0.2.4'
  for (let n = 1; n <= 5; n++) t.equal((await anonymous.get(search, { remoteAddress })).status, 200)
  const refused = await anonymous.get(search, { remoteAddress })
  t.match(refused, { status: 429, headers: { 'ratelimit-policy': '"search";q=5;w=60' } })
  t.equal((await anonymous.get(search, { remoteAddress: '192.0.2.5' })).status, 200, 'another address')

  const redis = new Redis(config.REDIS_URL.replace(/^unix:\/\//, ''))
  t.teardown(() => redis.disconnect())
  const [key = ''] = await redis.keys(`${config.REDIS_PREFIX}window:search:*192.0.2.4*`)
  const { current = 0, previous = 0 } = await redis.hgetall(key)
  t.equal(Number(current) + Number(previous), 5, 'counted in this minute, or in the one that ended meanwhile')
  t.strictSame(await redis.keys(`${config.REDIS_PREFIX}bucket:search:*`), [])
})
