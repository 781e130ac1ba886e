import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { AskedBefore } from '#kernel/cache/asked-before.ts'
import type { CacheOptions, CacheRead, CacheStore, Representation } from '#kernel/cache/cache.ts'
import { openCache } from '#kernel/cache/open-cache.ts'
import { onceTrusted, warm } from '#kernel/cache/warm.ts'
import { type Coherence, EVERYTHING } from '#kernel/coherence/coherence.ts'
import { AppError, unavailable } from '#kernel/errors.ts'
import { memoryShared } from '#platform/memory-cache.ts'
import { claimOf } from '#tests/support/claims.ts'
import { fakeClock } from '#tests/support/clock.ts'

const turns = async (): Promise<void> => {
  for (let i = 0; i < 6; i += 1) await turn()
}
const answer = (text: string): Representation => ({ body: Buffer.from(text), etag: `"${text}"` })
const text = ({ value }: CacheRead): string | undefined => value?.body.toString()

/** One replica whose trust and invalidations the test decides, over a shared store that can be away. */
function replica(options: Partial<CacheOptions> = {}) {
  const clock = fakeClock()
  const inner = memoryShared(clock.now).store()
  const state = { isTrusted: true, isStoreAway: false, invalidated: [] as string[], calls: [] as string[] }
  const listeners: ((names: readonly string[]) => void)[] = []
  const guarded = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    state.calls.push(name)
    if (state.isStoreAway) throw new Error('away')
    return call()
  }
  const store: CacheStore = {
    read: (...args) => guarded('read', () => inner.read(...args)),
    lastKnown: (...args) => guarded('lastKnown', () => inner.lastKnown(...args)),
    readOrClaim: (...args) => guarded('readOrClaim', () => inner.readOrClaim(...args)),
    fill: (...args) => guarded('fill', () => inner.fill(...args)),
    abandon: (...args) => guarded('abandon', () => inner.abandon(...args)),
  }
  const invalidate = async (names: readonly string[]): Promise<void> => {
    state.invalidated.push(...names)
    for (const listener of listeners) listener(names)
  }
  const coherence: Coherence = {
    isTrusted: () => state.isTrusted,
    mark: (names) => ({ release: () => invalidate(names) }),
    invalidate,
    onInvalidate: (listener) => void listeners.push(listener),
    start: async () => {},
    close: async () => {},
  }
  const after = (ms: number, run: () => void) => {
    const timer = clock.setTimeout(run, ms)
    return () => clock.clearTimeout(timer)
  }
  const cache = openCache({
    store,
    coherence,
    now: clock.now,
    after,
    random: () => 0.5,
    ttlMs: 1_000,
    ...options,
  })
  return Object.assign(state, { cache, clock, inner, invalidate })
}

const down = async (): Promise<never> => {
  throw unavailable('The database', 1)
}

t.test('a local hit is a plain value and says how long it stays fresh', async (t) => {
  const { cache, clock } = replica()
  await cache.through('item:1', async () => answer('one'))
  await turns()
  clock.advance(400)
  const hit = cache.through('item:1', down)
  t.match(hit, { status: 'hit', detail: 'l1', ttlSeconds: 1 })
  t.match(cache.stats(), { item: { hit: 1, miss: 1, stale: 0, coalesced: 0, entries: 1, bytes: Number } })
})

t.test('past its time an answer is served while it is refreshed, once', async (t) => {
  const { cache, clock } = replica()
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(2_000)
  let loads = 0
  const load = async () => {
    loads += 1
    return answer('new')
  }
  const reads = [cache.through('item:1', load), cache.through('item:1', load)]
  t.match(reads, [
    { status: 'stale', ttlSeconds: -1 },
    { status: 'stale', detail: 'l1' },
  ])
  await turns()
  t.match(cache.through('item:1', down), { status: 'hit', value: { etag: '"new"' } })
  t.equal(loads, 1)
})

t.test('a refresh that fails, or that another replica holds, is tried again after a pause', async (t) => {
  const { cache, clock, inner, calls } = replica()
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(2_000)
  cache.through('item:1', down)
  await turns()
  t.equal(calls.filter((call) => call === 'abandon').length, 1)
  cache.through('item:1', down)
  await turns()
  t.equal(calls.filter((call) => call === 'readOrClaim').length, 2, 'not again at once')
  clock.advance(1_001)
  await claimOf(inner, 'item:1')
  t.match(
    cache.through('item:1', async () => answer('new')),
    { status: 'stale' },
  )
  await turns()
  t.match(cache.through('item:1', down), { value: { etag: '"old"' } })
})

t.test('a refresh takes over what another replica has stored meanwhile', async (t) => {
  const { cache, clock, inner } = replica()
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(2_000)
  const claim = await claimOf(inner, 'item:1')
  await inner.fill('item:1', [], claim, { value: answer('theirs'), ttlMs: 1_000, keepMs: 1_000, loadMs: 1 })
  cache.through('item:1', down)
  await turns()
  t.match(cache.through('item:1', down), { status: 'hit', value: { etag: '"theirs"' } })
})

t.test('what takes long to load is refreshed before it expires', async (t) => {
  const { cache, clock } = replica({ random: () => 0.01 })
  await cache.through('item:1', async () => {
    clock.advance(200)
    return answer('old')
  })
  await turns()
  clock.advance(100)
  t.match(
    cache.through('item:1', async () => answer('new')),
    { status: 'hit', value: { etag: '"old"' } },
  )
  await turns()
  t.match(cache.through('item:1', down), { status: 'hit', value: { etag: '"new"' } })
})

t.test('long past its time an answer is loaded again, unless its source is away', async (t) => {
  const { cache, clock, inner } = replica({ staleForMs: 500 })
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(5_000)
  t.match(await cache.through('item:1', down), { status: 'stale', detail: 'l1', ttlSeconds: -4 })
  t.match(await cache.through('item:1', async () => answer('new')), {
    status: 'miss',
    value: { etag: '"new"' },
  })
  t.ok(await inner.read('item:1', []))
})

t.test(
  'an answer of the shared store bridges its source being away; without one the failure shows',
  async (t) => {
    const state = replica({ staleForMs: 500, maxLocalBytes: 10 })
    const { cache, clock } = state
    await t.rejects(Promise.resolve(cache.through('item:1', down)), { code: 'dependency_unavailable' })
    await cache.through('item:1', async () => answer('old'))
    await turns()
    clock.advance(5_000)
    t.match(await cache.through('item:1', down), { status: 'stale', detail: 'l2', value: { etag: '"old"' } })
    state.isStoreAway = true
    await t.rejects(Promise.resolve(cache.through('item:1', down)), { code: 'dependency_unavailable' })
  },
)

t.test('a failure that is no outage is not bridged', async (t) => {
  const { cache, clock } = replica({ staleForMs: 500 })
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(5_000)
  await t.rejects(
    Promise.resolve(
      cache.through('item:1', async () => {
        throw new AppError('forbidden')
      }),
    ),
    { code: 'forbidden' },
  )
})

t.test('what was invalidated during the load does not bridge the outage', async (t) => {
  const { cache, clock, invalidate } = replica({ staleForMs: 500, keepMs: 2_000, maxLocalBytes: 10 })
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(2_000)
  const read = cache.through('item:1', async () => {
    await invalidate(['item:1'])
    // The shared store has lost it too by now.
    clock.advance(2_000)
    return down()
  })
  await t.rejects(Promise.resolve(read), { code: 'dependency_unavailable' })
})

t.test('an answer of the shared store past its time is served and refreshed by the next read', async (t) => {
  const first = replica({ maxLocalBytes: 10 })
  await first.cache.through('item:1', async () => answer('old'))
  await turns()
  first.clock.advance(2_000)
  t.match(await first.cache.through('item:1', down), { status: 'stale', detail: 'l2' })
})

t.test(
  'without trust nothing local is served, nothing is stored, and reads share the load after their start',
  async (t) => {
    const state = replica()
    await state.cache.through('item:1', async () => answer('old'))
    await turns()
    state.isTrusted = false
    state.calls.length = 0
    const first = Promise.withResolvers<Representation>()
    const reads = [
      state.cache.through('item:1', () => first.promise),
      ...[1, 2].map(() => state.cache.through('item:1', async () => answer('newer'))),
    ]
    first.resolve(answer('new'))
    t.strictSame((await Promise.all(reads)).map(text), ['new', 'newer', 'newer'])
    t.strictSame(state.calls, [])
    t.equal(state.cache.stats().item?.coalesced, 2)
  },
)

t.test('without trust and without the source, the last known answer is served as stale', async (t) => {
  const state = replica()
  await state.cache.through('item:1', async () => answer('old'))
  await turns()
  state.isTrusted = false
  t.match(await state.cache.through('item:1', down), { status: 'stale', detail: 'l1', ttlSeconds: 0 })
})

t.test('a shared store that is away costs its failure and nothing else', async (t) => {
  const state = replica()
  state.isStoreAway = true
  t.match(await state.cache.through('item:1', async () => answer('one')), { status: 'miss' })
  state.isStoreAway = false
  await state.cache.through('item:2', async () => {
    state.isStoreAway = true
    return answer('two')
  })
  await turns()
  await t.rejects(Promise.resolve(state.cache.through('item:3', down)), { code: 'dependency_unavailable' })
  t.equal(state.cache.stats().item?.entries, 0)
})

t.test('giving back a claim may fail too', async (t) => {
  const state = replica()
  await t.rejects(
    Promise.resolve(
      state.cache.through('item:1', async () => {
        state.isStoreAway = true
        throw new Error('no')
      }),
    ),
    { message: 'no' },
  )
})

t.test('who finds another replica loading waits for its answer, and not for ever', async (t) => {
  const { cache, clock, inner } = replica()
  const claim = await claimOf(inner, 'item:1')
  const read = Promise.resolve(cache.through('item:1', async () => answer('mine')))
  await clock.run(20)
  await inner.fill('item:1', [], claim, { value: answer('theirs'), ttlMs: 1_000, keepMs: 1_000, loadMs: 1 })
  await clock.run(50)
  t.match(await read, { status: 'hit', detail: 'l2', value: { etag: '"theirs"' } })
  await claimOf(inner, 'item:2')
  const impatient = Promise.resolve(cache.through('item:2', async () => answer('mine')))
  await clock.run(400)
  t.match(await impatient, { status: 'miss', detail: 'postgres', value: { etag: '"mine"' } })
})

t.test('what was loaded before an invalidation is not kept, whatever the shared store said', async (t) => {
  const { cache, invalidate } = replica()
  await cache.through('item:1', async () => {
    await invalidate(['item:1'])
    return answer('old')
  })
  await turns()
  t.match(await cache.through('item:1', async () => answer('new')), { detail: 'l2' })
  for (const name of ['items', '*']) {
    await cache.through(
      `items?${name}`,
      async () => {
        await invalidate([name])
        return answer('old')
      },
      { tags: ['items'] },
    )
    await turns()
    t.equal(cache.through(`items?${name}`, down, { tags: ['items'] }) instanceof Promise, true)
  }
})

t.test('that something does not exist is remembered for a shorter time', async (t) => {
  const { cache, clock } = replica({ negativeTtlMs: 100 })
  await cache.through('item:1', async () => undefined)
  await turns()
  t.match(cache.through('item:1', down), { status: 'hit', value: undefined })
  clock.advance(150)
  t.match(cache.through('item:1', down), { status: 'stale', value: undefined })
})

t.test('a write invalidates its keys and those it learns of, after it is done', async (t) => {
  const { cache, invalidated } = replica()
  const id = await cache.write(
    ['items'],
    async () => {
      t.strictSame(invalidated, [])
      return 7
    },
    (result) => [`item:${result}`],
  )
  t.equal(id, 7)
  t.strictSame(invalidated, ['items', 'item:7'])
  await cache.write([], async () => {})
  await cache.write(['item:8'], async () => {})
  t.strictSame(invalidated, ['items', 'item:7', 'item:8'])
})

t.test('a write that was rolled back ends its marks; one that may have happened leaves them', async (t) => {
  const { cache, invalidated } = replica()
  for (const failure of [
    new AppError('conflict'),
    new AppError('deadline_exceeded'),
    unavailable('x', 1),
    new Error(),
  ]) {
    const name = failure instanceof AppError ? failure.code : 'defect'
    await t.rejects(
      cache.write([name], async () => {
        throw failure
      }),
      failure,
    )
  }
  await t.rejects(
    cache.write([], async () => {
      throw new AppError('conflict')
    }),
  )
  t.strictSame(invalidated, ['conflict'])
})

t.test('clearing says how many answers this replica held', async (t) => {
  const { cache, invalidated } = replica()
  await cache.through('item:1', async () => answer('one'))
  await cache.through('item:2', async () => answer('two'))
  await turns()
  t.equal(await cache.clear(), 2)
  t.strictSame(invalidated, ['*'])
  t.match(cache.stats(), { item: { entries: 0, bytes: 0 } })
})

t.test('warming reads a few at a time, passes over failures and ends when its time is over', async (t) => {
  const { cache, clock } = replica()
  let underWay = 0
  let most = 0
  const load = async () => {
    underWay += 1
    most = Math.max(most, underWay)
    await turn()
    underWay -= 1
    clock.advance(10)
    return answer('warm')
  }
  const keys = [1, 2, 3, 4, 5, 6].map((id) => ({ key: `item:${id}`, load: id === 2 ? down : load }))
  t.equal(await warm(cache, keys, { atOnce: 2, forMs: 1_000, now: clock.now }), 5)
  t.equal(most, 2)
  t.equal(await warm(cache, keys, { atOnce: 2, forMs: 0, now: clock.now }), 0)
})

t.test(
  'what is not kept yet is not looked for in the shared store, and taken from there the second time',
  async (t) => {
    const { cache, inner } = replica()
    const fill = { value: answer('theirs'), ttlMs: 1_000, keepMs: 60_000, loadMs: 1 }
    await inner.fill('items?a', [], await claimOf(inner, 'items?a'), fill)
    const read = () =>
      Promise.resolve(cache.through('items?a', async () => answer('mine'), { keep: 'from-the-second-time' }))
    t.match(await read(), { status: 'miss', value: { etag: '"mine"' } })
    t.match(await read(), { status: 'hit', detail: 'l2', value: { etag: '"theirs"' } })
  },
)

t.test('what is kept from the second time on is loaded twice, then served', async (t) => {
  const { cache } = replica()
  let loads = 0
  const load = async () => {
    loads += 1
    return answer('page')
  }
  const read = async () => {
    const { status } = await cache.through('items?far', load, { keep: 'from-the-second-time' })
    await turns()
    return status
  }
  t.strictSame([await read(), await read(), await read()], ['miss', 'miss', 'hit'])
  t.equal(loads, 2)
})

t.test('remembers who was asked for lately, in bounded memory', async (t) => {
  const asked = new AskedBefore(3)
  t.strictSame(
    ['a', 'b', 'a', 'c', 'd', 'a', 'e', 'f', 'g', 'b'].map((key) => asked.note(key)),
    [false, false, true, false, false, true, false, false, false, false],
  )
})

t.test('warming begins once, when what is kept may be trusted', async (t) => {
  const listeners: ((names: readonly string[]) => void)[] = []
  let isTrusted = false
  const coherence: Pick<Coherence, 'isTrusted' | 'onInvalidate'> = {
    isTrusted: () => isTrusted,
    onInvalidate: (listener) => void listeners.push(listener),
  }
  let begun = 0
  onceTrusted(coherence as Coherence, setImmediate, () => {
    begun += 1
  })
  const tell = (...names: string[]): void => {
    for (const listener of listeners) listener(names)
  }
  tell(EVERYTHING)
  await turn()
  isTrusted = true
  tell('items')
  await turn()
  t.equal(begun, 0)
  isTrusted = false
  tell(EVERYTHING)
  tell(EVERYTHING)
  isTrusted = true
  await turn()
  tell(EVERYTHING)
  await turn()
  t.equal(begun, 1)
})

t.test('a refresh goes on when the shared store cannot be read', async (t) => {
  const state = replica()
  await state.cache.through('item:1', async () => answer('old'))
  await turns()
  state.clock.advance(2_000)
  state.isStoreAway = true
  t.match(state.cache.through('item:1', down), { status: 'stale' })
  await turns()
  t.match(state.cache.through('item:1', down), { status: 'stale' })
})

t.test('a refresh that takes long is not joined by another', async (t) => {
  const { cache, clock } = replica()
  await cache.through('item:1', async () => answer('old'))
  await turns()
  clock.advance(2_000)
  let loads = 0
  const load = async () => {
    loads += 1
    return new Promise<never>(() => {})
  }
  cache.through('item:1', load)
  await turns()
  clock.advance(1_500)
  cache.through('item:1', load)
  await turns()
  t.equal(loads, 1)
})

t.test('whoever watches sees the reads that this process could not answer from its memory', async (t) => {
  const seen: string[] = []
  const scene = replica({
    around: async (key, read) => {
      const result = await read()
      seen.push(`${key} ${result.detail}`)
      return result
    },
  })
  await scene.cache.through('item:1', async () => answer('a'))
  await turns()
  t.equal((await scene.cache.through('item:1', async () => answer('b'))).detail, 'l1')
  t.strictSame(seen, ['item:1 postgres'])
})
