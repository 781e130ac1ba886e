/** A flood of made-up credentials: each costs a check, so each spends from its address's bucket, as if none had been sent. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { person } from '#tests/support/people.ts'

t.test('a credential that is worth nothing spends from the bucket of its address', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const [head, body] = ann.token.split('.')
  const attempts: [string, Readonly<Record<string, string>>][] = [
    ['/api/v1/me', { authorization: `Bearer ${head}.${body}.${'A'.repeat(86)}` }],
    ['/api/v1/me', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['/api/v1/items', { 'x-api-key': 'made-up' }],
    ['/api/v1/nothing', { 'x-api-key': 'made-up' }],
  ]
  for (const [url, headers] of attempts) {
    const refused = await one.call('GET', url, { headers })
    t.match(refused, { status: 401, body: { error: 'invalid_token' } })
    // Of 100,000: one less, or what came back meanwhile of all that were spent.
    t.match(refused.headers.ratelimit, /^"anonymous";r=99\d{3};/, url)
  }
  const free = await one.call('GET', '/api/v1/health', { headers: { 'x-api-key': 'made-up' } })
  t.match(free, { status: 401, headers: { ratelimit: undefined } }, 'what costs nothing still refuses it')
})
