/** The wall clock of a replica's machine is set by an hour, forwards and backwards; those of Redis and Postgres are not. */

import t, { type Test } from 'tap'
import { type Application, application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

const path = '/api/v1/resources'
const body = { name: 'One', type: 'document' }
const hour = 3_600_000
const capacity = 30
const settings = { RATE_LIMIT_ANONYMOUS: String(capacity), CACHE_TTL: '600' }

/** Returns what sets the clock, to so many milliseconds from the true time. */
function wallClock(t: Test): (offsetMs: number) => void {
  const real = Date.now
  t.teardown(() => {
    Date.now = real
  })
  return (offsetMs) => {
    Date.now = () => real() + offsetMs
  }
}

interface SignedIn {
  readonly token: string
  readonly refreshToken: string
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const credentials = { email: 'ann@example.com', password: 'a long enough phrase' }
const detail = (answer: { headers: Record<string, string | undefined> }) => answer.headers['cache-status']

/** How many of 100 requests one address is granted. */
async function granted(app: Application, remoteAddress: string): Promise<number> {
  const asked = Array.from({ length: 100 }, () => app.anonymous.get('/api/v1/status', { remoteAddress }))
  return (await Promise.all(asked)).filter(({ status }) => status === 200).length
}

t.test(
  'set by an hour: limits, cached answers, keys and sessions hold; access tokens follow it',
  async (t) => {
    const setTo = wallClock(t)
    const app = await application(t, () => settings)
    const member = await app.member()
    const { body: made } = await member.post<{ id: number }>(path, body)
    const one = `${path}/${made.id}`
    const me = async (token: string) => (await app.anonymous.get('/api/v1/me', as(token))).status
    const { body: first } = await app.anonymous.post<SignedIn>('/api/v1/auth/register', {
      ...credentials,
      name: 'Ann',
    })
    t.equal(await me(first.token), 200)
    const isKept = async () => /hit;.*detail=l1/.test(String(detail(await member.get(one))))
    await eventually(t, isKept)
    t.ok((await granted(app, '192.0.2.7')) >= capacity)

    for (const offset of [hour, -hour]) {
      setTo(offset)
      await eventually(t, isKept)
      t.ok((await granted(app, '192.0.2.7')) < capacity, 'an empty bucket is not full for it')
      t.ok((await granted(app, `192.0.2.${offset > 0 ? 8 : 9}`)) >= capacity, 'nor a full one empty')
      for (const name of [`a ${offset}`, `b ${offset}`]) {
        t.equal((await member.patch(one, { name })).status, 200)
        t.match(await member.get(one), { status: 200, body: { name } }, 'a read sees the write before it')
      }
      t.equal(await me(member.key), 200)
      t.equal(
        await me(first.token),
        offset > 0 ? 401 : 200,
        'an access token is over by the clock that reads it',
      )
      const { body: later } = await app.anonymous.post<SignedIn>('/api/v1/auth/login', credentials)
      t.equal(await me(later.token), 200)
      const refreshed = await app.anonymous.post<SignedIn>('/api/v1/auth/refresh', {
        refreshToken: later.refreshToken,
      })
      t.equal(await me(refreshed.body.token), 200, 'sessions go by the clock of Postgres')
      t.ok((await app.anonymous.post('/api/v1/auth/logout', undefined, as(later.token))).status < 300)
      t.equal(await me(refreshed.body.token), 401, 'signed out is signed out')
      setTo(0)
      t.equal(await me(refreshed.body.token), 401, 'and stays so when the clock is right again')
      t.equal(await me(first.token), 200)
    }
  },
)

t.test('what a replica stored by a clock ahead is fresh for no longer than others', async (t) => {
  const setTo = wallClock(t)
  const ahead = await application(t, () => settings)
  const { DATABASE_URL, REDIS_PREFIX } = ahead.config
  const other = await application(t, () => ({
    ...settings,
    DATABASE_URL,
    REDIS_PREFIX,
    INSTANCE_ID: 'other',
  }))
  const { body: made } = await (await ahead.member()).post<{ id: number }>(path, body)
  const one = `${path}/${made.id}`
  setTo(hour)
  await eventually(t, async () => detail(await ahead.anonymous.get(one))?.includes('detail=l1'))
  setTo(0)
  const read = await eventually(t, async () => {
    const found = detail(await other.anonymous.get(one))
    return found?.includes('hit;') ? found : undefined
  })
  t.ok(Number(/ttl=(\d+)/.exec(String(read))?.[1]) <= 600, String(read))
})
