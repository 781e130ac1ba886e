/** Writing an owned collection: create, batch, replace, change, delete, whose it is, and what the client last saw. */

import t from 'tap'
import { application } from '#tests/support/application.ts'

interface Resource {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly description: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  readonly ownerId: number
  readonly createdAt: string
  readonly updatedAt: string
}

const app = await application(t)
const { anonymous, database } = app
const [owner, other, admin] = [
  await app.member({ name: 'Owner' }),
  await app.member(),
  await app.member({ role: 'admin' }),
]
const path = '/api/v1/resources'
const create = async (body: object = { name: 'One', type: 'document' }): Promise<Resource> =>
  (await owner.post<Resource>(path, body)).body
const count = async (): Promise<number> =>
  Number((await database.text<{ n: number }>('select count(*) as n from resources'))[0]?.n)

t.test('creates: 201, Location, ETag, the thing as it is read afterwards', async (t) => {
  const whole = { name: 'Whole', type: 'image', description: 'd', metadata: { a: [1, { b: null }], ü: true } }
  const { status, headers, body } = await owner.post<Resource>(path, whole)
  t.equal(status, 201)
  t.match(body, { ...whole, ownerId: owner.id })
  t.equal(headers.location, `${path}/${body.id}`)
  t.match(headers['content-type'], /^application\/json/)
  const read = await anonymous.get(String(headers.location))
  t.strictSame(read.body, body)
  t.equal(read.headers.etag, headers.etag)
  t.match(body.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
})

t.test('what is left out has its default; items have a price that may be unknown', async (t) => {
  t.match(await create(), { description: null, metadata: {} })
  const { status, body } = await owner.post('/api/v1/items', { title: 'Kettle' })
  t.match(
    { status, body },
    { status: 201, body: { priceCents: null, owner: { id: owner.id, name: 'Owner' } } },
  )
  const dear = await owner.post('/api/v1/items', { title: 'Dear', priceCents: Number.MAX_SAFE_INTEGER })
  t.match(dear.body, { priceCents: Number.MAX_SAFE_INTEGER })
})

t.test('creates a batch all or none, in its order', async (t) => {
  const resources = Array.from({ length: 100 }, (_, n) => ({ name: `b${n}`, type: 'batch' }))
  const { status, body } = await owner.post<{ data: Resource[] }>(`${path}/batch`, { resources })
  t.equal(status, 201)
  t.strictSame(
    body.data.map(({ name }) => name),
    resources.map(({ name }) => name),
  )
  const before = await count()
  const tooMany = await owner.post(`${path}/batch`, { resources: [...resources, resources[0]] })
  t.equal(tooMany.status, 400)
  const oneBad = await owner.post(`${path}/batch`, { resources: [resources[0], { name: 'x' }] })
  t.match(oneBad, { status: 400, body: { errors: [{ path: 'resources.1.type' }] } })
  // The schema cannot see this one: the database refuses the second row, and the first must go with it.
  await database.text(`alter table resources add constraint t check (name <> 'refused')`)
  const late = await owner.post(`${path}/batch`, {
    resources: [resources[0], { name: 'refused', type: 't' }],
  })
  t.ok(late.status >= 400)
  t.equal(await count(), before)
  t.equal((await owner.post(`${path}/batch`, { resources: [] })).status, 400)
})

t.test('PUT replaces all of it, PATCH changes what it names', async (t) => {
  const made = await create({ name: 'A', type: 'document', description: 'd', metadata: { a: 1 } })
  const put = await owner.put<Resource>(`${path}/${made.id}`, { name: 'B', type: 'image' })
  t.match(put, { status: 200, body: { name: 'B', type: 'image', description: null, metadata: {} } })
  t.equal(put.body.createdAt, made.createdAt)
  t.ok(put.body.updatedAt > made.updatedAt)
  const patch = await owner.patch<Resource>(`${path}/${made.id}`, { description: 'new', metadata: { b: 2 } })
  t.match(patch, { status: 200, body: { name: 'B', description: 'new', metadata: { b: 2 } } })
  t.strictSame((await anonymous.get(`${path}/${made.id}`)).body, patch.body, 'the next read sees it')
  const cleared = await owner.patch<Resource>(`${path}/${made.id}`, { description: null })
  t.equal(cleared.body.description, null)
  t.equal((await owner.patch(`${path}/${made.id}`, {})).status, 400, 'a change of nothing')
})

t.test('DELETE answers 204 without a body; then it is not there, in lists neither', async (t) => {
  const { id } = await create({ name: 'Gone', type: 'gone' })
  await anonymous.get(`${path}?type=gone`)
  const gone = await owner.delete(`${path}/${id}`)
  t.match(gone, { status: 204, body: undefined })
  t.match(await anonymous.get(`${path}/${id}`), { status: 404, body: { error: 'not_found' } })
  t.match(await owner.delete(`${path}/${id}`), { status: 404 })
  t.match(await anonymous.get(`${path}?type=gone`), { body: { data: [] } })
})

t.test('only its owner, or who holds resources:write, changes a thing', async (t) => {
  const { id } = await create()
  const whole = { name: 'X', type: 'x' }
  for (const caller of [other, anonymous]) {
    const status = caller === other ? 403 : 401
    const error = caller === other ? 'forbidden' : 'unauthorized'
    t.match(await caller.put(`${path}/${id}`, whole), { status, body: { error } })
    t.match(await caller.patch(`${path}/${id}`, { name: 'X' }), { status, body: { error } })
    t.match(await caller.delete(`${path}/${id}`), { status, body: { error } })
  }
  t.match(await anonymous.post(path, whole), {
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
  })
  t.match(await admin.patch(`${path}/${id}`, { name: 'By admin' }), {
    status: 200,
    body: { ownerId: owner.id },
  })
  t.match(await admin.delete(`${path}/${id}`), { status: 204 })
  t.match(await other.delete(`${path}/${id}`), { status: 404 }, 'what is not there is nobody’s')
})

t.test('If-Match lets through what the client last saw, also weakened by compression', async (t) => {
  const { id } = await create()
  const url = `${path}/${id}`
  const tag = async (): Promise<string> => String((await anonymous.get(url)).headers.etag)
  const first = await tag()
  const change = (name: string, ifMatch: string) =>
    owner.patch(url, { name }, { headers: { 'if-match': ifMatch } })
  t.equal((await change('strong', first)).status, 200)
  t.match(await change('late', first), { status: 412, body: { error: 'precondition_failed' } })
  t.equal((await change('weak', `W/${await tag()}`)).status, 200)
  t.equal((await change('list', `"other", ${await tag()}`)).status, 200)
  t.equal((await change('any', '*')).status, 200)
  const put = { name: 'put', type: 'document' }
  t.equal((await owner.put(url, put, { headers: { 'if-match': first } })).status, 412)
  t.equal((await owner.delete(url, { headers: { 'if-match': first } })).status, 412)
  const { headers } = await owner.put(url, put, { headers: { 'if-match': await tag() } })
  t.equal(headers.etag, await tag(), 'the answer to a change carries the new tag')
  t.equal((await owner.delete(url, { headers: { 'if-match': await tag() } })).status, 204)
})

t.test('If-Match holds when two clients change at once: one of them is told', async (t) => {
  const { id } = await create()
  const etag = String((await anonymous.get(`${path}/${id}`)).headers.etag)
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((name) => owner.patch(`${path}/${id}`, { name }, { headers: { 'if-match': etag } })),
  )
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 412, 412])
})
