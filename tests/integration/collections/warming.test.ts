/** A replica that starts reads what is asked for most, bounded, and leaves what the shared cache has to it. */

import t from 'tap'
import { type Application, application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

interface Stats {
  readonly resources?: { readonly hit: number; readonly miss: number; readonly entries: number }
}

const newest = 5
// Each of two sorts, both ways.
const pages = 4
const cold = await application(t)
const author = await cold.member()
const ids: number[] = []
for (let n = 0; n < 8; n++) {
  const { body } = await author.post<{ id: number }>('/api/v1/resources', { name: `r${n}`, type: 'warm' })
  ids.push(body.id)
}
const { DATABASE_URL } = cold.config

/** Another replica of the same database; with the prefix of `sharing` also of its shared cache. */
const starting = (sharing?: Application): Promise<Application> =>
  application(t, () => ({
    DATABASE_URL,
    CACHE_WARM: String(newest),
    INSTANCE_ID: 'api-warm',
    ...(sharing && { REDIS_PREFIX: sharing.config.REDIS_PREFIX }),
  }))
const statsOf = async ({ app }: Application): Promise<Stats['resources']> => {
  const admin = await cold.member({ role: 'admin' })
  const answer = await app.inject({
    url: '/api/v1/admin/cache',
    headers: { authorization: `Bearer ${admin.key}` },
  })
  return (answer.json() as { kinds: Stats }).kinds.resources
}

const warm = await starting()

t.test('the first pages and the newest things are there before anybody asks, and no more', async (t) => {
  await eventually(t, async () => (await statsOf(warm))?.entries === pages + newest)
  const status = async (path: string) => (await warm.anonymous.get(path)).headers['cache-status']
  t.match(await status('/api/v1/resources'), /hit/)
  t.match(await status('/api/v1/resources?sort=-name'), /hit/)
  t.match(await status(`/api/v1/resources/${ids.at(-1)}`), /hit/)
  t.match(await status(`/api/v1/resources/${ids[0]}`), /fwd=miss/, 'an older thing')
})

t.test('what the shared cache has is not read from Postgres again', async (t) => {
  const next = await starting(warm)
  await eventually(t, async () => (await statsOf(next))?.entries === pages + newest)
  t.match(await statsOf(next), { miss: 0, hit: pages + newest })
})

t.test('CACHE_WARM=0 reads nothing', async (t) => {
  t.equal((await statsOf(cold))?.entries ?? 0, 0)
})
