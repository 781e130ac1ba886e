/** Requests that are cheap to send and dear to serve: each is refused at once, and nothing it holds grows in the answer. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { person } from '#tests/support/people.ts'

t.test('a name that makes a pattern look back is refused before the pattern sees it', async (t) => {
  const one = await replica(t, await accounts(t))
  for (const name of ['a', ' ', 'a ', '\u00a0a'].map((part) => `${part.repeat(300_000)}\u0001`)) {
    const body = { email: 'ann@example.com', password: 'three green bottles', name }
    const refused = await one.call<Refused>('POST', '/api/v1/auth/register', { body })
    t.equal(refused.status, 400)
    // All that is wrong would be told: the pattern, which such a name breaks too, was not asked.
    t.match(refused.body.errors, [{ path: 'name', message: /more than 100 characters/ }])
    t.equal(refused.body.errors.length, 1)
  }
})

t.test('a body with a hundred thousand mistakes is told of one, a small one of all', async (t) => {
  const one = await replica(t, await accounts(t))
  const strangers = Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`k${index}`, 0]))
  const large = await one.call<Refused>('POST', '/api/v1/auth/login', { body: strangers })
  t.match(large, { status: 400, body: { error: 'validation_failed' } })
  t.equal(large.body.errors.length, 1)
  const small = await one.call<Refused>('POST', '/api/v1/auth/login', { body: { email: 1, password: 2 } })
  t.same(small.body.errors.map(({ path }) => path).sort(), ['email', 'password'])
  t.equal((await one.call('POST', '/api/v1/auth/login')).status, 400, 'no body at all')
})

t.test('a long query does not come back as a header that no proxy takes', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  for (const title of ['A lamp', 'Another']) await ann.call('POST', '/api/v1/items', { body: { title } })
  const zeros = await one.call('GET', `/api/v1/items?limit=${'0'.repeat(8_000)}1&fields=id,title`)
  t.equal(zeros.status, 200)
  t.match(zeros.headers.link, /^<\/api\/v1\/items\?[^>]*fields=id%2Ctitle[^>]*cursor=[^>]+>; rel="next"$/)
  t.ok(String(zeros.headers.link).length < 1_000)
  const again = Array.from({ length: 2_500 }, () => 'id').join()
  t.equal((await one.call('GET', `/api/v1/items?limit=1&fields=${again}`)).status, 400)
})

t.test('what a client shapes itself stays small enough for a hundred of it in one page', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const body = (length: number) => ({
    body: { name: 'One', type: 'document', metadata: { a: 'x'.repeat(length) } },
  })
  const made = await ann.call<{ id: number }>('POST', '/api/v1/resources', body(16_000))
  t.equal(made.status, 201)
  const large = body(16_400)
  const attempts: [string, string, typeof large | { body: object }][] = [
    ['POST', '/api/v1/resources', large],
    ['POST', '/api/v1/resources/batch', { body: { resources: [large.body] } }],
    ['PUT', `/api/v1/resources/${made.body.id}`, large],
    ['PATCH', `/api/v1/resources/${made.body.id}`, { body: { metadata: large.body.metadata } }],
  ]
  for (const [method, url, call] of attempts) {
    const refused = await ann.call<Refused>(method, url, call)
    t.equal(refused.status, 400, `${method} ${url}`)
    t.match(refused.body.errors[0], { path: /metadata$/, message: /longer than 16384 characters/ })
  }
})

interface Refused {
  readonly errors: readonly { readonly path: string }[]
}
