import t from 'tap'
import type { Fault } from '#scripts/chaos/faults.ts'
import { type Done, isClean, judge, type Seen } from '#scripts/chaos/judge.ts'
import { nothingPlayed, playOne } from '#scripts/chaos/play.ts'
import { seeded } from '#scripts/chaos/seeded.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'

const codes = new Set(['overloaded', 'internal'])
const nothing: Seen = { acknowledged: [], found: [], registers: [], refusals: [] }
const quiet: Done = { unplayed: [], withoutGateway: [] }

const refusal = (body: unknown, type = 'application/problem+json; charset=utf-8', status = 503) => ({
  method: 'GET',
  path: '/',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': type },
  tookMs: 1,
  fromMs: 100,
  toMs: 101,
})
const problem = { error: 'overloaded', status: 503, requestId: 'a' }

t.test('a refusal that says why is no fault', async (t) => {
  t.ok(isClean(judge({ ...nothing, refusals: [refusal(problem)] }, quiet, codes)))
})

t.test('silence is explained by a gateway that was away at that time, and by nothing else', async (t) => {
  const refusals = [refusal('', '', 0)]
  const judged = (...withoutGateway: Done['withoutGateway']) =>
    judge({ ...nothing, refusals }, { ...quiet, withoutGateway }, codes)
  t.ok(isClean(judged({ fromMs: 50, toMs: 100 })), 'asked before it was back')
  t.ok(isClean(judged({ fromMs: 101, toMs: 150 })), 'under way when it went')
  t.notOk(isClean(judged()), 'it was never away')
  t.notOk(isClean(judged({ fromMs: 10, toMs: 99 }, { fromMs: 102, toMs: 200 })), 'it was there')
})

t.test('a fault that could not be played is not counted, and the run is not clean', async (t) => {
  const repaired: string[] = []
  const stack = { repair: async () => void repaired.push('once') } as unknown as RunningStack
  const played = nothingPlayed()
  const fault = (name: string, play: Fault['play']): Fault => ({ name, play })
  const around = { stack, random: () => 0, played }
  await playOne(
    fault('kill api-1', async () => {}),
    around,
  )
  await playOne(
    fault('kill redis', async () => Promise.reject(new Error('redis is down'))),
    around,
  )
  t.strictSame([...played.times], [['kill api-1', 1]])
  t.strictSame(played.unplayed, ['kill redis: redis is down'])
  t.equal(repaired.length, 2, 'the stack is whole after either')
  t.notOk(isClean(judge(nothing, played, codes)))
})

t.test('the time without a gateway lasts until the stack was repaired', async (t) => {
  const played = nothingPlayed()
  let repairedAtMs = 0
  const repair = async () => {
    repairedAtMs = performance.now()
  }
  const play = async () => {}
  const around = { stack: { repair } as unknown as RunningStack, random: () => 0, played }
  await playOne({ name: 'kill gateway', takesGateway: true, play }, around)
  const [span] = played.withoutGateway
  t.ok(span && span.fromMs <= repairedAtMs && repairedAtMs <= span.toMs)
  await playOne({ name: 'kill redis', play }, around)
  t.equal(played.withoutGateway.length, 1)
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
  const judgement = judge({ ...nothing, refusals }, quiet, codes)
  t.equal(judgement.unexplained.length, 6)
  t.notOk(isClean(judgement))
})

t.test('what was lost, doubled or stale is found', async (t) => {
  const registers = [{ writes: [{ value: 2, acknowledgedAtMs: 1 }], reads: [{ value: 1, askedAtMs: 2 }] }]
  t.match(judge({ ...nothing, acknowledged: ['a', 'b'], found: ['b', 'b'], registers }, quiet, codes), {
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
