/** Every refusal as a problem document, and nothing from inside in any of them. */

import t from 'tap'
import { clientErrorReply, problemTable } from '#http/error-reply.ts'
import { AppError, type ErrorCode } from '#kernel/errors.ts'
import { rooms } from '#tests/support/rooms.ts'

const open = { config: { public: true } } as const

t.test('each code has its status, its page, and the whole document', async (t) => {
  const { app } = await rooms(t, (api) => {
    api.get<{ Params: { code: string } }>('/fails/:code', open, async (request) => {
      throw new AppError(request.params.code as ErrorCode, { detail: 'Why.', retryAfterSeconds: 3 })
    })
  })
  t.ok(problemTable.length > 20)
  for (const { code, status, title } of problemTable) {
    const answer = await app.inject(`/fails/${code}`)
    t.equal(answer.statusCode, status, code)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers['retry-after'], '3')
    const type =
      code === 'rate_limited'
        ? 'https://iana.org/assignments/http-problem-types#quota-exceeded'
        : `/docs/errors#${code}`
    const detail = code === 'internal' ? 'The request id tells us what happened.' : 'Why.'
    const requestId = answer.headers['x-request-id']
    t.strictSame(answer.json(), { type, title, status, error: code, detail, requestId })
    t.equal(answer.headers['www-authenticate'] !== undefined, status === 401, code)
  }
})

t.test('the fields that were refused are named; no more of them than one can read', async (t) => {
  const { app } = await rooms(t, (api) => {
    api.post(
      '/many',
      { ...open, schema: { body: { type: 'object', additionalProperties: false } } },
      async () => 'ok',
    )
  })
  const payload = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`m${n}`, n]))
  const answer = await app.inject({ method: 'POST', url: '/many', payload })
  t.equal(answer.statusCode, 400)
  t.equal(answer.json().errors.length, 20)
  t.strictSame(answer.json().errors[0], { path: 'm0', message: 'is not a member here' })
})

t.test('a defect is logged with its cause and shown as its request id', async (t) => {
  const secrets = [
    new Error('select * from users where password = 1'),
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('inner'), { statusCode: 418 }),
    'a thrown string',
    undefined,
  ]
  const { app, defects } = await rooms(t, (api) => {
    api.get<{ Params: { n: number } }>('/defect/:n', open, async (request) => {
      throw secrets[Number(request.params.n)]
    })
  })
  for (const [n, thrown] of secrets.entries()) {
    if (thrown === undefined) continue
    const answer = await app.inject(`/defect/${n}`)
    t.equal(answer.statusCode, 500, String(thrown))
    t.match(answer.json(), { error: 'internal', requestId: answer.headers['x-request-id'] })
    t.notMatch(answer.body, /users|ECONN|10\.0|inner|string/)
    t.match(defects.at(-1), { error: thrown, requestId: answer.headers['x-request-id'] })
  }
})

t.test('what the framework refuses has codes of ours', async (t) => {
  const { app, defects } = await rooms(t, (api) => {
    api.post('/takes', { ...open, bodyLimit: 100 }, async () => 'ok')
    api.get('/takes/:id', open, async () => 'ok')
  })
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/takes', payload, headers: { 'content-type': type } })
  t.match((await post('{')).json(), { status: 400, error: 'malformed_json' })
  t.match((await post('')).json(), { status: 400, error: 'malformed_json' })
  t.match((await post('{"__proto__":1}')).json(), { status: 400, error: 'malformed_json' })
  t.match((await post(`"${'x'.repeat(200)}"`)).json(), { status: 413, error: 'payload_too_large' })
  t.match((await post('x', 'text/plain')).json(), { status: 415, error: 'unsupported_media_type' })
  t.match((await post('x', 'nonsense')).json(), { status: 415, error: 'unsupported_media_type' })
  t.match((await app.inject('/takes/%ff')).json(), { status: 400, error: 'bad_request' })
  t.match((await app.inject(`/takes/${'x'.repeat(101)}`)).json(), { status: 414, error: 'uri_too_long' })
  t.strictSame(defects, [])
})

t.test('what Node cannot read is answered on the bare socket, or not at all', async (t) => {
  const socket = (writable: boolean) => {
    const seen = { text: '', isDestroyed: false }
    const end = (text: string) => {
      seen.text = text
    }
    const destroy = () => {
      seen.isDestroyed = true
    }
    return { seen, socket: { writable, end, destroy } as never }
  }
  const failure = (code: string) => Object.assign(new Error(code), { code })
  const garbage = socket(true)
  clientErrorReply(failure('HPE_INVALID_METHOD'), garbage.socket)
  const [head = '', body = ''] = garbage.seen.text.split('\r\n\r\n')
  t.match(head, /^HTTP\/1\.1 400 .*\r\nconnection: close$/s)
  t.match(head, `content-length: ${Buffer.byteLength(body)}`)
  t.match(head, `x-request-id: ${JSON.parse(body).requestId}`)
  t.match(JSON.parse(body), { status: 400, error: 'bad_request' })
  const large = socket(true)
  clientErrorReply(failure('HPE_HEADER_OVERFLOW'), large.socket)
  t.match(large.seen.text, /^HTTP\/1\.1 431 /)
  for (const [code, writable] of [
    ['ECONNRESET', true],
    ['HPE_INVALID_METHOD', false],
  ] as const) {
    const gone = socket(writable)
    clientErrorReply(failure(code), gone.socket)
    t.strictSame(gone.seen, { text: '', isDestroyed: true })
  }
})
