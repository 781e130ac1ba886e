/** A write with an Idempotency-Key happens once, whatever is sent again. */

import t from 'tap'
import { forgetOldKeys } from '#platform/postgres-idempotency.ts'
import { type Answer, application, type Caller } from '#tests/support/application.ts'

interface Resource {
  readonly id: number
}

const app = await application(t)
const { anonymous, database } = app
const [ada, bob] = [await app.member(), await app.member()]
const path = '/api/v1/resources'
const body = { name: 'Once', type: 'document' }
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const count = async (): Promise<number> =>
  Number((await database.text<{ n: number }>('select count(*) as n from resources'))[0]?.n)
const told = ({ status, body, headers }: Answer<unknown>) => ({
  status,
  body,
  headers: [headers.location, headers.etag, headers['content-type']],
})

t.test('a retry gets the first answer: status, headers, body; the effect is one', async (t) => {
  const first = await ada.post<Resource>(path, body, keyed('create'))
  const before = await count()
  const again = await ada.post<Resource>(path, body, keyed('create'))
  t.equal(first.status, 201)
  t.strictSame(told(again), told(first))
  t.equal(first.headers['idempotency-replayed'], undefined)
  t.equal(again.headers['idempotency-replayed'], 'true')
  t.equal(await count(), before)

  const url = `${path}/${first.body.id}`
  const changed = await ada.patch(url, { name: 'Changed' }, keyed('change'))
  await ada.patch(url, { name: 'Later' })
  t.strictSame(told(await ada.patch(url, { name: 'Changed' }, keyed('change'))), told(changed))
  t.match(await anonymous.get(url), { body: { name: 'Later' } }, 'it is not carried out again')

  t.match(await ada.delete(url, keyed('delete')), { status: 204 })
  t.match(await ada.delete(url, keyed('delete')), {
    status: 204,
    headers: { 'idempotency-replayed': 'true' },
  })
})

t.test('the same key with another body, method or address is refused with 422', async (t) => {
  const { body: made } = await ada.post<Resource>(path, body, keyed('reused'))
  const before = await count()
  const others: Promise<Answer<unknown>>[] = [
    ada.post(path, { ...body, name: 'Other' }, keyed('reused')),
    ada.post('/api/v1/items', { title: 'x' }, keyed('reused')),
    ada.put(`${path}/${made.id}`, body, keyed('reused')),
    ada.post(`${path}/batch`, { resources: [body] }, keyed('reused')),
  ]
  for (const answer of await Promise.all(others)) {
    t.ok(
      (answer.status === 422 && (answer.body as { error: string }).error === 'idempotency_mismatch') ||
        answer.status === 409,
      `${answer.status}`,
    )
  }
  t.match(await ada.post(path, { ...body, name: 'Other' }, keyed('reused')), { status: 422 })
  t.equal(await count(), before)
})

t.test('keys belong to their caller; without a key, or a caller, nothing is remembered', async (t) => {
  const mine = await ada.post<Resource>(path, body, keyed('shared'))
  const theirs = await bob.post<Resource>(path, { ...body, name: 'Bob’s' }, keyed('shared'))
  t.match([mine.status, theirs.status], [201, 201])
  t.not(mine.body.id, theirs.body.id)
  t.not((await ada.post<Resource>(path, body)).body.id, (await ada.post<Resource>(path, body)).body.id)
  const kept = async () =>
    Number((await database.text<{ n: number }>('select count(*) as n from idempotency_keys'))[0]?.n)
  const before = await kept()
  await anonymous.post('/api/v1/auth/login', { email: 'a@example.com', password: 'x' }, keyed('nobody'))
  await anonymous.post(path, body, keyed('nobody'))
  t.equal(await kept(), before)
})

t.test(
  'of requests at the same time one acts, the others are told that it runs or get its answer',
  async (t) => {
    const before = await count()
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => ada.post<Resource>(path, body, keyed('at-once'))),
    )
    const made = answers.filter(({ status }) => status === 201)
    t.equal(new Set(made.map((answer) => answer.body.id)).size, 1)
    for (const { status, body, headers } of answers.filter(({ status }) => status !== 201)) {
      t.match({ status, body }, { status: 409, body: { error: 'idempotency_in_flight' } })
      t.match(headers['retry-after'], /^\d+$/)
    }
    t.equal(await count(), before + 1)
  },
)

t.test('in flight is told while the first still runs', async (t) => {
  const { body: made } = await ada.post<Resource>(path, body)
  const held = Promise.withResolvers<void>()
  const locking = Promise.withResolvers<void>()
  const blocker = database.transaction(async (transaction) => {
    await transaction.text('select 1 from resources where id = $1 for update', [made.id])
    locking.resolve()
    await held.promise
  })
  await locking.promise
  const change = (caller: Caller) => caller.patch(`${path}/${made.id}`, { name: 'Slow' }, keyed('slow'))
  // Whichever of the two comes first waits for the row; the other is answered at once.
  const both = [change(ada), change(ada)]
  t.match(await Promise.race(both), { status: 409, body: { error: 'idempotency_in_flight' } })
  held.resolve()
  await blocker
  const answers = await Promise.all(both)
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 409])
  t.match(await change(ada), { status: 200, headers: { 'idempotency-replayed': 'true' } })
})

t.test('a refusal is not remembered: the key can be used for the mended request', async (t) => {
  t.equal((await ada.post(path, { name: 'no type' }, keyed('mended'))).status, 400)
  t.equal((await ada.patch(`${path}/999999`, { name: 'x' }, keyed('mended'))).status, 404)
  t.equal((await ada.post(path, body, keyed('mended'))).status, 201)
})

t.test('a key lives a day', async (t) => {
  const first = await ada.post<Resource>(path, body, keyed('old'))
  await database.text(
    `update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'`,
  )
  const second = await ada.post<Resource>(path, { ...body, name: 'A day later' }, keyed('old'))
  t.equal(second.status, 201)
  t.not(second.body.id, first.body.id)
})

t.test('keys that are none are refused', async (t) => {
  for (const key of ['', 'x'.repeat(256), 'with space', 'ü']) {
    t.match(await ada.post(path, body, keyed(key)), { status: 400, body: { error: 'bad_request' } }, key)
  }
  t.equal((await ada.post(path, body, keyed('x'.repeat(255)))).status, 201)
})

t.test('keys are forgotten once they are a day old, however many there are', async (t) => {
  await database.text(
    `insert into idempotency_keys (caller, key, fingerprint, status, created_at)
     select 'nobody', n::text, '', 200, now() - interval '24 hours' + (n - 9.5) * interval '1 minute'
     from generate_series(1, 10) n`,
  )
  await forgetOldKeys(database, 4)
  t.same(await database.text(`select key from idempotency_keys where caller = 'nobody'`), [{ key: '10' }])
})
