/** Finished requests can be searched for; they hold no secret, and what cannot be written holds up nobody. */

import t from 'tap'
import { forgetOldRequests, type RequestRecord, requestLog } from '#platform/request-log.ts'
import { application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'

interface Logged {
  readonly requestId: string
  readonly path: string
  readonly status: number
  readonly time: string
}
interface Page {
  readonly data: readonly Logged[]
  readonly pagination: { readonly nextCursor: string | null }
}

const app = await application(t)
const admin = await app.member({ role: 'admin' })
const path = '/api/v1/admin/requests'
const find = async (query: string): Promise<Page> => (await admin.get<Page>(`${path}?${query}`)).body
const found = async (query: string, count: number): Promise<Page> => {
  await eventually(t, async () => (await find(query)).data.length >= count)
  return find(query)
}

t.test('a request is found by what it was, with what became of it', async (t) => {
  const member = await app.member()
  const headers = { 'x-request-id': 'find-me' }
  await member.get('/api/v1/items/987654?fields=id', { headers, remoteAddress: '192.0.2.7' })
  const { data } = await found('requestId=find-me', 1)
  t.match(data, [
    {
      requestId: 'find-me',
      traceId: /^[0-9a-f]{32}$/,
      method: 'GET',
      route: '/api/v1/items/:id',
      path: '/api/v1/items/987654',
      status: 404,
      instanceId: 'api-test',
      tier: 'free',
      userId: member.id,
      principal: /^api-key:/,
      address: '192.0.2.7',
      errorCode: 'not_found',
      weight: 1,
    },
  ])
  for (const query of [
    `userId=${member.id}`,
    'status=404',
    'route=/api/v1/items/:id',
    'errorCode=not_found',
  ]) {
    t.ok(
      (await find(query)).data.some(({ requestId }) => requestId === 'find-me'),
      query,
    )
  }
  const time = data[0]?.time ?? ''
  t.equal((await find(`requestId=find-me&to=${time}`)).data.length, 0)
  t.equal((await find(`requestId=find-me&from=${time}&minMs=0`)).data.length, 1)
  t.equal((await find('requestId=find-me&minStatus=500')).data.length, 0)
  t.equal((await find('requestId=find-me&method=POST')).data.length, 0)
})

t.test('no secret is in it, wherever a client put one', async (t) => {
  const secret = 's3cretVALUE'
  const headers = {
    'x-request-id': 'no-secrets',
    cookie: `refresh=${secret}`,
    'x-api-key': secret,
    authorization: `Bearer ${secret}`,
  }
  await app.anonymous.get(`/api/v1/items?token=${secret}&password=${secret}`, { headers })
  await app.anonymous.post('/api/v1/auth/login', { email: 'a@example.org', password: secret }, { headers })
  await found('requestId=no-secrets', 2)
  const rows = await app.database.text('select * from request_log')
  t.notMatch(JSON.stringify(rows), secret)
})

t.test('pages go back in time, each request once', async (t) => {
  const headers = { 'x-request-id': 'page-me' }
  for (let each = 0; each < 7; each++) await app.anonymous.get(`/api/v1/items/${each + 1}`, { headers })
  await found('requestId=page-me&limit=100', 7)
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await find(`requestId=page-me&limit=3${cursor && `&cursor=${cursor}`}`)
    seen.push(...page.data.map((each) => each.path))
    cursor = page.pagination.nextCursor
  }
  t.strictSame(
    seen.sort(),
    Array.from({ length: 7 }, (_, each) => `/api/v1/items/${each + 1}`),
  )
  t.equal((await admin.get(`${path}?cursor=nonsense`)).status, 400)
  t.equal((await admin.get(`${path}?from=yesterday`)).status, 400)
  t.equal((await (await app.member()).get(path)).status, 403)
})

const record = (requestId: string): RequestRecord => ({
  time: new Date().toISOString(),
  requestId,
  traceId: '0'.repeat(32),
  method: 'GET',
  route: '/x',
  path: '/x',
  status: 200,
  ms: 1,
  instanceId: 'api-9',
  tier: 'free',
  userId: null,
  principal: '',
  address: '192.0.2.1',
  errorCode: null,
  weight: 1,
})

t.test('what finds no room is dropped and counted', async (t) => {
  const log = requestLog({ session: app.database.autocommit, maxWaiting: 3, maxBatch: 2 })
  for (let each = 0; each < 5; each++) log.add(record('crowded'))
  t.equal(log.dropped(), 2)
  await log.close()
  t.equal((await app.database.text(`select from request_log where request_id = 'crowded'`)).length, 3)
})

t.test('what cannot be written is dropped and counted; the next is tried anew', async (t) => {
  const { autocommit } = app.database
  let isAway = true
  const log = requestLog({
    session: {
      run: autocommit.run,
      text: (...given) => (isAway ? Promise.reject(new Error('away')) : autocommit.text(...given)),
    },
    everyMs: 5,
  })
  log.start()
  log.add(record('away'))
  await eventually(t, () => log.dropped() === 1)
  isAway = false
  log.add(record('back'))
  await eventually(
    t,
    async () => (await app.database.text(`select from request_log where request_id = 'back'`)).length === 1,
  )
  await log.close()
})

t.test('what is older than it is kept for is forgotten', async (t) => {
  const { database } = app
  await database.text(
    `update request_log set time = now() - interval '25 hours' where request_id = 'crowded'`,
  )
  await forgetOldRequests(app.database, 24, 2)
  t.equal((await database.text(`select from request_log where request_id = 'crowded'`)).length, 0)
  t.equal((await database.text(`select from request_log where request_id = 'back'`)).length, 1)
})
