import t from 'tap'
import { kindOf } from '#kernel/cache/cache.ts'
import { Dependents } from '#kernel/cache/dependents.ts'
import { isDueEarly, jittered } from '#kernel/cache/freshness.ts'
import { CountsByKind } from '#kernel/cache/kind-counts.ts'
import { LocalEntries, type NewEntry } from '#kernel/cache/local-entries.ts'
import { SingleFlight } from '#kernel/single-flight.ts'

const counts = new CountsByKind()
const entry = (key: string, bytes = 1_000, tags: readonly string[] = []): NewEntry => ({
  key,
  tags,
  value: { body: Buffer.alloc(bytes), etag: '"1"' },
  freshUntil: 0,
  loadMs: 0,
  counts: counts.of(key),
  refreshAfter: 0,
})

t.test('local entries are bounded by bytes, and what was used least recently goes first', async (t) => {
  const local = new LocalEntries(5_000)
  for (const key of ['a:1', 'a:2', 'a:3']) local.put(entry(key))
  const first = local.get('a:1')
  if (first) local.used(first)
  local.put(entry('a:4'))
  t.equal(local.get('a:2'), undefined)
  t.ok(local.get('a:1'))
  t.equal(local.size, 3)
  t.ok(local.bytes <= 5_000)
  local.put(entry('a:5', 10_000))
  t.equal(local.size, 0, 'what is larger than all the room is not kept')
  t.equal(local.bytes, 0)
  t.match(counts.of('a:1'), { entries: 0, bytes: 0 })
})

t.test('putting a key again replaces it and counts its bytes once', async (t) => {
  const local = new LocalEntries(5_000)
  local.put(entry('b:1', 100))
  local.put({ ...entry('b:1'), value: undefined })
  t.equal(local.size, 1)
  t.ok(local.bytes < 600)
  t.match(counts.snapshot(), { b: { entries: 1, bytes: local.bytes } })
})

t.test('invalidating a name removes its entry and all that carry it as a tag', async (t) => {
  const local = new LocalEntries(50_000)
  local.put(entry('item:1', 1, ['user:7']))
  local.put(entry('items?limit=1', 1, ['items', 'user:7']))
  local.put(entry('user:7'))
  local.put(entry('item:2', 1, ['user:8']))
  local.invalidate('user:7')
  t.strictSame(
    ['item:1', 'items?limit=1', 'user:7', 'item:2'].filter((key) => local.get(key)),
    ['item:2'],
  )
  local.clear()
  t.equal(local.bytes, 0)
})

t.test('an index forgets names that nothing depends on', async (t) => {
  const index = new Dependents<string>()
  index.add(['a', 'b'], 'x')
  index.add(['a'], 'y')
  index.remove(['a', 'b', 'c'], 'x')
  t.equal(index.size, 1)
  t.strictSame([...index.of('a'), ...index.of('b')], ['y'])
})

t.test('the kind of a key is what stands before its id or its query', async (t) => {
  t.strictSame(['item:7', 'items?a=b:c', 'plain'].map(kindOf), ['item', 'items', 'plain'])
})

t.test('times to live are spread over their last tenth', async (t) => {
  t.equal(
    jittered(1_000, () => 0),
    1_000,
  )
  t.equal(
    jittered(1_000, () => 1),
    900,
  )
})

t.test('an early refresh becomes likely as the expiry nears, sooner for what loads slowly', async (t) => {
  const half = () => 0.5
  t.equal(isDueEarly(100, 100, half), false)
  t.equal(isDueEarly(60, 100, half), true)
  t.equal(isDueEarly(60, 50, half), false)
})

t.test('a load is shared by all who ask while it is under way', async (t) => {
  const flights = new SingleFlight<number>()
  let loads = 0
  const load = async () => ++loads
  t.strictSame(await Promise.all([1, 2, 3].map(() => flights.run('a', load))), [1, 1, 1])
  t.equal(await flights.run('a', load), 2)
  t.equal(flights.size, 0)
})

t.test(
  'who must not see what is under way shares the load after it, also when the first one fails',
  async (t) => {
    const flights = new SingleFlight<string>()
    for (const outcome of ['resolves', 'rejects']) {
      const first = Promise.withResolvers<string>()
      const early = flights.run('a', () => first.promise)
      let loads = 0
      const later = [1, 2].map(() =>
        flights.run('a', async () => `later ${++loads}`, { mustStartAfterNow: true }),
      )
      t.equal(loads, 0)
      if (outcome === 'resolves') first.resolve('early')
      else first.reject(new Error('early'))
      t.strictSame(await Promise.allSettled([early]), [
        outcome === 'resolves'
          ? { status: 'fulfilled', value: 'early' }
          : { status: 'rejected', reason: new Error('early') },
      ])
      t.strictSame(await Promise.all(later), ['later 1', 'later 1'])
    }
  },
)

t.test('a forgotten load goes on for those who wait, and nobody joins it', async (t) => {
  const flights = new SingleFlight<string>()
  const first = Promise.withResolvers<string>()
  const early = flights.run('a', () => first.promise)
  flights.forget('a')
  t.equal(flights.isUnderWay('a'), false)
  const second = Promise.withResolvers<string>()
  const late = flights.run('a', () => second.promise)
  first.resolve('old')
  t.equal(await early, 'old')
  t.equal(flights.isUnderWay('a'), true, 'the end of the old one leaves the new one alone')
  second.resolve('new')
  t.equal(await late, 'new')
})
