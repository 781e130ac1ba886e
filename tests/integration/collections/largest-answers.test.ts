/** The largest list there can be: what bounds it, and that it is answered whole without displacing the bound of the cache. */

import t from 'tap'
import { application } from '#tests/support/application.ts'

const maxLocalBytes = 4 * 1024 * 1024
const app = await application(t, () => ({ CACHE_L1_MAX_BYTES: String(maxLocalBytes) }))
const [owner, admin] = [await app.member(), await app.member({ role: 'admin' })]
const path = '/api/v1/resources'
// What the schema lets a resource shape itself: counted in characters as JSON, of which each may be three bytes.
const maxJsonLength = 16 * 1024
const metadata = { text: '名'.repeat(maxJsonLength - '{"text":""}'.length) }

t.test('a hundred of the largest things are less than 6 MB', async (t) => {
  const largest = { name: '名'.repeat(200), type: '名'.repeat(50), description: '名'.repeat(2_000), metadata }
  t.equal((await owner.post(path, largest)).status, 201)
  t.match(await owner.post(path, { ...largest, metadata: { text: `${metadata.text}名` } }), {
    status: 400,
    body: { errors: [{ path: 'metadata' }] },
  })
  await app.database.text(`
    insert into resources (name, type, description, metadata, owner_id)
    select name, type, description, metadata, owner_id from resources, generate_series(1, 100)`)
  const { status, body, headers } = await app.anonymous.get<{ data: unknown[] }>(`${path}?limit=100`)
  t.equal(status, 200)
  t.equal(body.data.length, 100)
  const bytes = Number(headers['content-length'])
  t.ok(bytes > 300 * maxJsonLength && bytes < 6_000_000, `${bytes} bytes`)
})

t.test('an answer larger than all a replica may keep is served and not kept', async (t) => {
  for (const sort of ['name', '-name', 'createdAt']) {
    t.equal((await app.anonymous.get(`${path}?limit=100&sort=${sort}`)).status, 200)
  }
  const { body } = await admin.get<{ kinds: { resources: { bytes: number } } }>('/api/v1/admin/cache')
  const { bytes } = body.kinds.resources
  t.ok(bytes <= maxLocalBytes, `${bytes} bytes`)
})
