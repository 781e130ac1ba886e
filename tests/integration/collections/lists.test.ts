/** Lists as clients walk them: pages over data that changes, each sort, each filter, skip, fields, cursors. */

import t from 'tap'
import { application } from '#tests/support/application.ts'

interface Thing {
  readonly id: number
  readonly name: string
  readonly title: string
  readonly type: string
  readonly ownerId: number
  readonly owner: { readonly id: number; readonly name: string }
  readonly createdAt: string
}
interface List {
  readonly data: readonly Thing[]
  readonly pagination: { readonly limit: number; readonly nextCursor: string | null }
}

const app = await application(t)
const { anonymous, database } = app
const [ada, bob] = [await app.member({ name: 'Ada' }), await app.member({ name: 'Bob' })]

// Names and instants repeat, so that the id has to break ties.
await database.text(
  `insert into resources (name, type, owner_id, created_at)
  select 'name ' || n % 7, (array['document', 'image', 'dataset'])[n % 3 + 1],
    case when n % 2 = 0 then $1::bigint else $2::bigint end, now() - n % 10 * interval '1 minute'
  from generate_series(1, 60) n`,
  [ada.id, bob.id],
)
await database.text(
  `insert into items (title, owner_id, created_at)
  select 'title ' || n % 7, case when n % 2 = 0 then $1::bigint else $2::bigint end,
    now() - n % 10 * interval '1 minute' from generate_series(1, 60) n`,
  [ada.id, bob.id],
)

/** Follows nextCursor to the end; `between` runs after each page. */
async function walk(
  path: string,
  between: (page: number) => Promise<void> = async () => {},
): Promise<Thing[]> {
  const seen: Thing[] = []
  let cursor: string | null = ''
  for (let page = 1; cursor !== null; page++) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`
    const { status, body, headers } = await anonymous.get<List>(`${path}${after}`)
    if (status !== 200) throw new Error(`${path}${after} answered ${status}`)
    seen.push(...body.data)
    cursor = body.pagination.nextCursor
    const link = cursor === null ? undefined : /^<([^>]+)>; rel="next"$/.exec(headers.link ?? '')?.[1]
    if (cursor !== null && !link?.includes(cursor)) throw new Error(`Link is ${headers.link}`)
    if (cursor === null && headers.link !== undefined) throw new Error('a last page has a Link')
    await between(page)
  }
  return seen
}

const ids = (things: readonly Thing[]): number[] => things.map((thing) => thing.id)

for (const [path, sorts] of [
  ['resources', ['createdAt', 'name']],
  ['items', ['createdAt', 'title']],
] as const) {
  t.test(`${path} sorts both ways by ${sorts.join(', ')}, ties by id`, async (t) => {
    for (const sort of sorts) {
      const up = await walk(`/api/v1/${path}?limit=7&sort=${sort}`)
      const expected = [...up].sort((a, b) => a[sort].localeCompare(b[sort]) || a.id - b.id)
      t.strictSame(ids(up), ids(expected), `${sort} ascends`)
      t.equal(new Set(ids(up)).size, 60, 'no row is missing or twice')
      const down = await walk(`/api/v1/${path}?limit=7&sort=-${sort}`)
      t.strictSame(ids(down), ids(up).reverse(), `${sort} descends`)
    }
  })
}

t.test('createdAt sorts where nothing is asked, 20 to a page', async (t) => {
  const { body } = await anonymous.get<List>('/api/v1/resources')
  const named = await anonymous.get<List>('/api/v1/resources?sort=createdAt&limit=20')
  t.equal(body.data.length, 20)
  t.equal(body.pagination.limit, 20)
  t.strictSame(body, named.body)
})

t.test('a walk over data that changes sees each lasting row once, at every sort', async (t) => {
  for (const sort of ['createdAt', '-createdAt', 'name', '-name']) {
    const lasting = ids(await walk('/api/v1/resources?limit=100'))
    const passing: number[] = []
    const seen = await walk(`/api/v1/resources?limit=9&sort=${sort}`, async (page) => {
      // One before and one behind wherever the walk is, and one that came goes again.
      for (const name of ['aaa', 'zzz']) {
        const { body } = await ada.post<Thing>('/api/v1/resources', { name, type: 'passing' })
        passing.push(body.id)
      }
      if (page > 1) await ada.delete(`/api/v1/resources/${passing.shift()}`)
      if (page > 20) throw new Error('the walk does not end')
    })
    const seenIds = ids(seen)
    t.equal(new Set(seenIds).size, seenIds.length, `${sort}: no row twice`)
    t.strictSame(
      lasting.filter((id) => !seenIds.includes(id)),
      [],
      `${sort}: none missed`,
    )
    for (const id of passing) await ada.delete(`/api/v1/resources/${id}`)
  }
})

t.test('filters by type and owner, alone and together, at every sort', async (t) => {
  const all = await walk('/api/v1/resources?limit=100')
  for (const sort of ['createdAt', '-createdAt', 'name', '-name']) {
    const images = await walk(`/api/v1/resources?limit=6&sort=${sort}&type=image`)
    t.equal(images.length, all.filter((thing) => thing.type === 'image').length)
    t.ok(images.every((thing) => thing.type === 'image'))
    const adas = await walk(`/api/v1/resources?limit=6&sort=${sort}&ownerId=${ada.id}`)
    t.equal(adas.length, 30)
    t.ok(adas.every((thing) => thing.ownerId === ada.id))
    const both = await walk(`/api/v1/resources?limit=6&sort=${sort}&ownerId=${ada.id}&type=image`)
    t.strictSame(
      ids(both).sort((a, b) => a - b),
      ids(images.filter((thing) => thing.ownerId === ada.id)).sort((a, b) => a - b),
    )
  }
  const items = await walk(`/api/v1/items?limit=11&ownerId=${bob.id}`)
  t.equal(items.length, 30)
  t.ok(items.every((thing) => thing.owner.id === bob.id && thing.owner.name === 'Bob'))
  t.strictSame(await walk('/api/v1/resources?type=nothing'), [])
})

t.test('skip jumps over rows, and is not carried into the next page', async (t) => {
  const whole = ids(await walk('/api/v1/resources?limit=100'))
  const { body, headers } = await anonymous.get<List>('/api/v1/resources?skip=5&limit=10')
  t.strictSame(ids(body.data), whole.slice(5, 15))
  const next = /<([^>]+)>/.exec(headers.link ?? '')?.[1] ?? ''
  t.notMatch(next, 'skip')
  t.strictSame(ids((await anonymous.get<List>(next)).body.data), whole.slice(15, 25))
})

t.test('fields thins each thing, and leaves the pagination and the Link', async (t) => {
  const { body, headers } = await anonymous.get<List>('/api/v1/resources?fields=name,id&limit=3')
  t.strictSame(
    body.data.map((thing) => Object.keys(thing).sort()),
    [1, 2, 3].map(() => ['id', 'name']),
  )
  t.type(body.pagination.nextCursor, 'string')
  t.match(headers.link, /fields=name%2Cid/)
  const one = await anonymous.get<Thing>(`/api/v1/resources/${body.data[0]?.id}?fields=type`)
  t.strictSame(Object.keys(one.body), ['type'])
  const whole = await anonymous.get<Thing>(`/api/v1/resources/${body.data[0]?.id}`)
  t.not(one.headers.etag, whole.headers.etag, 'a thinned answer has a tag of its own')
})

t.test('a list has an ETag, and 304 without a body for who knows it', async (t) => {
  const { headers } = await anonymous.get('/api/v1/resources?limit=5')
  for (const tag of [headers.etag, `W/${headers.etag}`, `"other", W/${headers.etag}`, '*']) {
    const again = await anonymous.get('/api/v1/resources?limit=5', {
      headers: { 'if-none-match': String(tag) },
    })
    t.equal(again.status, 304, String(tag))
    t.equal(again.body, undefined)
    t.equal(again.headers.etag, headers.etag)
  }
})

t.test('a cursor that is not ours, or of another sort, is refused as such', async (t) => {
  const { body } = await anonymous.get<List>('/api/v1/resources?limit=5')
  const forged = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const cursors = [
    ['sort=name', String(body.pagination.nextCursor)],
    ['sort=-createdAt', String(body.pagination.nextCursor)],
    ['sort=createdAt', 'abc'],
    ['sort=createdAt', ''],
    ['sort=createdAt', forged(['createdAt', 'no date', 1])],
    ['sort=createdAt', forged(['createdAt', '2026-01-01T00:00:00Z', 1.5])],
    ['sort=createdAt', forged(['createdAt', null, 1])],
    ['sort=createdAt', forged(['createdAt', '2026-01-01T00:00:00Z'])],
    ['sort=name', forged(['name', 'a\0b', 1])],
    ['sort=createdAt', forged({ length: 3 })],
  ] as const
  for (const [sort, cursor] of cursors) {
    const { status, body } = await anonymous.get(`/api/v1/resources?${sort}&cursor=${cursor}`)
    t.match({ status, body }, { status: 400, body: { error: 'bad_cursor' } }, `${sort} ${cursor}`)
  }
})

t.test('refuses what no list takes, and names it', async (t) => {
  const wrong = {
    'limit=0': 'query.limit',
    'limit=101': 'query.limit',
    'limit=': 'query.limit',
    'limit=ten': 'query.limit',
    'limit=1&limit=2': 'query.limit',
    'skip=-1': 'query.skip',
    'skip=10001': 'query.skip',
    'sort=description': 'query.sort',
    'sort=--name': 'query.sort',
    'fields=id,secret': 'query.fields',
    'fields=': 'query.fields',
    'ownerId=0': 'query.ownerId',
    'ownerId=9007199254740993': 'query.ownerId',
    'colour=red': 'query.colour',
  }
  for (const [query, path] of Object.entries(wrong)) {
    const { status, body } = await anonymous.get(`/api/v1/resources?${query}`)
    t.match(
      { status, body },
      { status: 400, body: { error: 'validation_failed', errors: [{ path }] } },
      query,
    )
  }
  t.equal((await anonymous.get('/api/v1/resources?type=%00')).status, 400, 'NUL in a filter')
})

t.test('HEAD answers as GET, without the body', async (t) => {
  for (const path of ['/api/v1/resources?limit=2', '/api/v1/items', '/api/v1/status', '/health']) {
    const [head, get] = [await anonymous.request('HEAD', path), await anonymous.get(path)]
    t.equal(head.status, 200, path)
    t.equal(head.body, undefined)
    t.equal(head.headers['content-type'], get.headers['content-type'])
    t.equal(head.headers.etag, get.headers.etag)
  }
})
