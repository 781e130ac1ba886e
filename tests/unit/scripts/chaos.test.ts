import t from 'tap'
import { isClean, judge, type Seen } from '#scripts/chaos/judge.ts'
import { seeded } from '#scripts/chaos/seeded.ts'

const codes = new Set(['overloaded', 'internal'])
const nothing: Seen = { acknowledged: [], found: [], registers: [], refusals: [] }

const refusal = (body: unknown, type = 'application/problem+json; charset=utf-8', status = 503) => ({
  method: 'GET',
  path: '/',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': type },
  tookMs: 1,
})
const problem = { error: 'overloaded', status: 503, requestId: 'a' }

t.test('a refusal that says why is no fault, nor is silence', async (t) => {
  const refusals = [refusal(problem), refusal('', '', 0)]
  t.ok(isClean(judge({ ...nothing, refusals }, codes)))
})

t.test('a refusal is unexplained without a listed code, its media type, its status or an id', async (t) => {
  const refusals = [
    refusal({ ...problem, error: 'other' }),
    refusal({ ...problem, error: 'internal' }),
    refusal(problem, 'application/json'),
    refusal({ ...problem, status: 500 }),
    refusal({ ...problem, requestId: undefined }),
    refusal('<html>'),
  ]
  const judgement = judge({ ...nothing, refusals }, codes)
  t.equal(judgement.unexplained.length, 6)
  t.notOk(isClean(judgement))
})

t.test('what was lost, doubled or stale is found', async (t) => {
  const registers = [{ writes: [{ value: 2, acknowledgedAtMs: 1 }], reads: [{ value: 1, askedAtMs: 2 }] }]
  t.match(judge({ ...nothing, acknowledged: ['a', 'b'], found: ['b', 'b'], registers }, codes), {
    lost: ['a'],
    doubled: ['b'],
    stale: [{ value: 1 }],
  })
})

t.test('the same seed gives the same numbers', async (t) => {
  const [one, other, third] = [seeded(7), seeded(7), seeded(8)]
  const numbers = Array.from({ length: 100 }, () => one())
  t.strictSame(
    numbers,
    Array.from({ length: 100 }, () => other()),
  )
  t.notSame(numbers[0], third())
  t.ok(numbers.every((number) => number >= 0 && number < 1))
})
