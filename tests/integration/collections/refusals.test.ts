/** What the collections refuse, with which code; nothing a client sends becomes a 500. */

import t, { type Test } from 'tap'
import { type Answer, application } from '#tests/support/application.ts'

interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly error: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly { path: string; message: string }[]
}

const app = await application(t)
const { anonymous } = app
const member = await app.member()
const path = '/api/v1/resources'
const good = { name: 'One', type: 'document' }

const members = ['type', 'title', 'status', 'error', 'detail', 'requestId', 'errors']

/** Status and code, and that the document is whole. */
function refused(t: Test, answer: Answer<Problem>, status: number, error: string, message: string): void {
  t.match({ status: answer.status, error: answer.body?.error }, { status, error }, message)
  t.match(answer.headers['content-type'], /^application\/problem\+json/, message)
  t.equal(answer.headers['x-request-id'], answer.body.requestId, message)
  t.equal(answer.body.status, status)
  t.strictSame(
    Object.keys(answer.body).filter((name) => !members.includes(name)),
    [],
  )
}

t.test('unknown and badly typed members of a body, each named', async (t) => {
  const bodies: [object, string][] = [
    [{ ...good, ownerId: 1 }, 'ownerId'],
    [{ ...good, id: 1 }, 'id'],
    [{ ...good, createdAt: '2026-01-01T00:00:00Z' }, 'createdAt'],
    [{ type: 'x' }, 'name'],
    [{ ...good, name: '' }, 'name'],
    [{ ...good, name: 'x'.repeat(201) }, 'name'],
    [{ ...good, name: 7 }, 'name'],
    [{ ...good, name: null }, 'name'],
    [{ ...good, type: 'x'.repeat(51) }, 'type'],
    [{ ...good, description: 'x'.repeat(2_001) }, 'description'],
    [{ ...good, metadata: [] }, 'metadata'],
    [{ ...good, metadata: 'x' }, 'metadata'],
  ]
  for (const [body, named] of bodies) {
    const answer = await member.post<Problem>(path, body)
    refused(t, answer, 400, 'validation_failed', named)
    t.equal(answer.body.errors?.[0]?.path, named)
  }
  for (const priceCents of [-1, 1.5, '5', Number.MAX_SAFE_INTEGER + 1, true]) {
    const answer = await member.post<Problem>('/api/v1/items', { title: 'x', priceCents })
    refused(t, answer, 400, 'validation_failed', `priceCents ${priceCents}`)
  }
})

t.test('text that is none: NUL, halves of surrogate pairs, anywhere', async (t) => {
  const bodies = [
    '{"name":"a\\u0000b","type":"x"}',
    '{"name":"a\\ud800b","type":"x"}',
    '{"name":"a\\uDC00b","type":"x"}',
    '{"name":"x","type":"x","description":"\\ud83d"}',
    '{"name":"x","type":"x","metadata":{"a":{"b":["\\u0000"]}}}',
    '{"name":"x","type":"x","metadata":{"\\u0000":1}}',
    '{"name":"x","type":"x","metadata":{"\\udfff":1}}',
  ]
  for (const body of bodies) refused(t, await member.post(path, body), 400, 'validation_failed', body)
  const answer = await member.post<Problem>(path, bodies[4])
  t.equal(answer.body.errors?.[0]?.path, 'metadata.a.b.0')
  const pair = await member.post<{ name: string }>(path, '{"name":"\\ud83d\\ude00 \\\\u0000","type":"x"}')
  t.match(pair, { status: 201, body: { name: '😀 \\u0000' } }, 'a whole pair is text')
})

t.test('bodies that are no JSON, too deep, too large, of another media type', async (t) => {
  for (const body of ['{', '', 'null]', '{"name":"x",}', '{"a":1,"__proto__":{"b":1}}']) {
    refused(t, await member.post(path, body), 400, 'malformed_json', body)
  }
  for (const body of ['null', '[]', '"x"', '7']) {
    refused(t, await member.post(path, body), 400, 'validation_failed', body)
  }
  const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
  refused(t, await member.post(path, deep), 400, 'validation_failed', 'a million brackets')
  const inside = `{"name":"x","type":"x","metadata":{"a":${deep.slice(0, 400_000)}${deep.slice(-400_000)}}}`
  refused(t, await member.post(path, inside), 400, 'validation_failed', 'deep inside')
  const large = JSON.stringify({ ...good, description: 'x'.repeat(1024 * 1024) })
  refused(t, await member.post(path, large), 413, 'payload_too_large', 'over 1 MiB')
  const xml = { headers: { 'content-type': 'application/xml' } }
  refused(t, await member.post(path, '<a/>', xml), 415, 'unsupported_media_type', 'xml')
})

t.test('metadata: up to 100 members of any JSON', async (t) => {
  const metadata = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, n]))
  t.equal((await member.post(path, { ...good, metadata: metadata(100) })).status, 201)
  refused(t, await member.post(path, { ...good, metadata: metadata(101) }), 400, 'validation_failed', '101')
  const odd = { constructor: 1, toString: 'x', hasOwnProperty: null, '': [], 'a.b': { c: 1e-7 } }
  const { status, body } = await member.post<{ id: number }>(path, { ...good, metadata: odd })
  t.match({ status, body }, { status: 201, body: { metadata: odd } })
  t.match(await anonymous.get(`${path}/${body.id}`), { body: { metadata: odd } })
})

t.test('ids that are none are refused, ids that nothing has are not found', async (t) => {
  for (const id of ['0', '-1', 'abc', '1.5', '9007199254740992', '9'.repeat(30), '%00', '1%202']) {
    refused(t, await anonymous.get(`${path}/${id}`), 400, 'validation_failed', id)
    refused(t, await member.delete(`${path}/${id}`), 400, 'validation_failed', id)
  }
  for (const id of ['9007199254740991', '123456789']) {
    refused(t, await anonymous.get(`${path}/${id}`), 404, 'not_found', id)
    refused(t, await member.patch(`${path}/${id}`, { name: 'x' }), 404, 'not_found', id)
    refused(t, await member.put(`${path}/${id}`, good), 404, 'not_found', id)
  }
  refused(t, await anonymous.get(`${path}/%ff`), 400, 'bad_request', 'no UTF-8')
  refused(t, await anonymous.get(`${path}/${'1'.repeat(200)}`), 414, 'uri_too_long', 'a long id')
})

t.test('other methods of a known path: 405 with Allow; OPTIONS lists them', async (t) => {
  const allowed = {
    [path]: 'GET, HEAD, OPTIONS, POST',
    [`${path}/1`]: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
    '/api/v1/status': 'GET, HEAD, OPTIONS',
    '/health': 'GET, HEAD, OPTIONS',
  }
  for (const [url, allow] of Object.entries(allowed)) {
    const method = allow.includes('POST') ? 'DELETE' : 'POST'
    const answer = await anonymous.request<Problem>(method, url)
    refused(t, answer, 405, 'method_not_allowed', url)
    t.equal(answer.headers.allow, allow)
    t.match(await anonymous.request('OPTIONS', url), { status: 204, headers: { allow }, body: undefined })
  }
})

t.test('unknown paths: 404 for who is known, 401 under /api for who is not', async (t) => {
  refused(t, await anonymous.get('/nothing'), 404, 'not_found', 'outside /api')
  refused(t, await anonymous.get('/api/v1/nothing'), 401, 'unauthorized', 'without a credential')
  refused(t, await member.get('/api/v1/nothing'), 404, 'not_found', 'with one')
})

t.test('credentials: none where one is needed, malformed, unknown', async (t) => {
  refused(t, await anonymous.post(path, good), 401, 'unauthorized', 'none')
  const wrong = ['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer ü', `Bearer ${'x'.repeat(5_000)}`]
  for (const authorization of [...wrong, 'Bearer slc_1_nothing', 'Bearer a.b.c']) {
    const answer = await anonymous.get<Problem>(path, { headers: { authorization } })
    refused(t, answer, 401, 'invalid_token', authorization.slice(0, 40))
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="sluice", error="invalid_token"')
  }
  t.equal((await anonymous.post(path, good, { headers: { 'x-api-key': member.key } })).status, 201)
  refused(t, await anonymous.get(path, { headers: { 'x-api-key': 'no' } }), 401, 'invalid_token', 'X-API-Key')
})
