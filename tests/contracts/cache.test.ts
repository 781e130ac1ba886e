/** What every shared cache has to do for the replicas in front of it: one suite over memory and over Redis. */

import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { CacheRead, Representation } from '#kernel/cache/cache.ts'
import { unavailable } from '#kernel/errors.ts'
import { tryClaim } from '#tests/support/claims.ts'
import { eventually } from '#tests/support/eventually.ts'
import { answer, memory, redis } from './cache-replicas.ts'

const text = ({ value }: CacheRead): string | undefined => value && JSON.parse(value.body.toString())

for (const [name, open] of Object.entries({ memory, redis })) {
  t.test(`the cache over ${name}`, async (t) => {
    t.test('loads once, then answers from the shared store, then from local memory', async (t) => {
      const shared = await open(t)
      const [first, second] = [await shared.replica(), await shared.replica()]
      let loads = 0
      const load = async () => {
        loads += 1
        return { ...answer('one'), next: 'a cursor; with=signs' }
      }
      const miss = await first.cache.through('item:1', load)
      t.match(miss, { status: 'miss', detail: 'postgres' })
      await eventually(t, () => first.store.read('item:1', []))
      t.match(await second.cache.through('item:1', load), { status: 'hit', detail: 'l2' })
      const local = second.cache.through('item:1', load)
      t.notOk(local instanceof Promise)
      const read = await local
      t.match(read, { status: 'hit', detail: 'l1', value: { etag: '"one"', next: 'a cursor; with=signs' } })
      t.equal(text(read), 'one')
      t.ok(read.ttlSeconds > 50 && read.ttlSeconds <= 60)
      t.equal(loads, 1)
    })

    t.test('no replica serves the older value once a write has settled', async (t) => {
      const shared = await open(t)
      const replicas = [await shared.replica(), await shared.replica(), await shared.replica()]
      const [writer] = replicas
      let truth = 0
      const load = async () => answer(String(truth))
      const readAll = () => Promise.all(replicas.map(({ cache }) => cache.through('item:1', load)))
      for (let round = 1; round <= 20; round += 1) {
        await readAll()
        await readAll()
        await writer?.cache.write(['item:1'], async () => {
          truth = round
        })
        t.strictSame((await readAll()).map(text), [`${round}`, `${round}`, `${round}`])
      }
    })

    t.test('does not store what was loaded before a write', async (t) => {
      const shared = await open(t)
      const [reader, writer] = [await shared.replica(), await shared.replica()]
      const [begun, loaded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const slow = Promise.resolve(
        reader.cache.through('item:1', async () => {
          begun.resolve()
          await loaded.promise
          return answer('old')
        }),
      )
      await begun.promise
      await writer.cache.write(['item:1'], async () => {})
      loaded.resolve()
      t.equal(text(await slow), 'old')
      t.equal(text(await reader.cache.through('item:1', async () => answer('new'))), 'new')
      t.equal(text(await writer.cache.through('item:1', async () => answer('new'))), 'new')
    })

    t.test('gives what is fresh enough, and else the right to load it, to one at a time', async (t) => {
      const shared = await open(t)
      const { store } = await shared.replica()
      const claim = await store.readOrClaim('items?limit=1', ['items'], 0)
      if (typeof claim === 'string' || !('token' in claim)) throw new Error('not claimed')
      t.equal(await store.readOrClaim('items?limit=1', ['items'], 0), 'held')
      t.equal(await store.read('items?limit=1', ['items']), undefined, 'and reading claims nothing')
      const fill = { value: undefined, ttlMs: 10_000, keepMs: 10_000, loadMs: 1 }
      t.equal(await store.fill('items?limit=1', ['items'], claim, fill), true)
      for (const freshForMs of [-5_000, 0, 5_000]) {
        t.match(await store.readOrClaim('items?limit=1', ['items'], freshForMs), {
          value: undefined,
          loadMs: 1,
        })
      }
      t.match(await store.readOrClaim('items?limit=1', ['items'], 20_000), { token: String })
    })

    t.test('stores nothing while a write is under way, whoever of several writers ends first', async (t) => {
      const shared = await open(t)
      const { coherence, store } = await shared.replica()
      const [first, second] = [coherence.mark(['item:1']), coherence.mark(['item:1', 'items'])]
      await first.release()
      t.equal(await tryClaim(store, 'item:1'), 'written')
      t.equal(await tryClaim(store, 'items?limit=1', ['items']), 'written')
      await second.release()
      const claim = await eventually(t, async () => {
        const claimed = await tryClaim(store, 'item:1')
        return claimed !== 'written' && claimed
      })
      t.match(claim, { token: String })
    })

    t.test(
      'a changed tag makes the lists that carry it void, in both levels, and nothing else',
      async (t) => {
        const shared = await open(t)
        const [reader, writer] = [await shared.replica(), await shared.replica()]
        let version = 'old'
        const list = (of: typeof reader) =>
          of.cache.through('items?limit=2', async () => answer(version), { tags: ['items', 'user:7'] })
        const single = () => reader.cache.through('item:9', async () => answer(version))
        await list(reader)
        await single()
        await eventually(t, () => reader.store.read('items?limit=2', ['items', 'user:7']))
        await eventually(t, () => reader.store.read('item:9', []))
        await list(writer)
        version = 'new'
        await writer.coherence.invalidate(['user:7'])
        t.equal(text(await list(writer)), 'new')
        t.equal(text(await list(reader)), 'new')
        t.equal(text(await single()), 'old')
      },
    )

    t.test('remembers that something does not exist until it is created', async (t) => {
      const { cache, store } = await (await open(t)).replica()
      t.equal((await cache.through('item:5', async () => undefined)).value, undefined)
      await eventually(t, () => store.read('item:5', []))
      t.match(await cache.through('item:5', async () => answer('not asked')), {
        status: 'hit',
        value: undefined,
      })
      const id = await cache.write(
        ['items'],
        async () => 5,
        (created) => [`item:${created}`],
      )
      t.equal(text(await cache.through(`item:${id}`, async () => answer('created'))), 'created')
    })

    t.test('one load serves all replicas that miss at the same time', async (t) => {
      const shared = await open(t)
      const replicas = [await shared.replica(), await shared.replica(), await shared.replica()]
      let loads = 0
      const loaded = Promise.withResolvers<void>()
      const reads = replicas.flatMap(({ cache }) =>
        [1, 2, 3].map(() =>
          cache.through('item:1', async () => {
            loads += 1
            await loaded.promise
            return answer('shared')
          }),
        ),
      )
      await eventually(t, () => loads > 0)
      loaded.resolve()
      t.strictSame(new Set((await Promise.all(reads)).map(text)), new Set(['shared']))
      t.equal(loads, 1)
    })

    t.test('a load that fails leaves the key free for the next', async (t) => {
      const { cache } = await (await open(t)).replica()
      await t.rejects(
        Promise.resolve(
          cache.through('item:1', async () => {
            throw new Error('no')
          }),
        ),
        { message: 'no' },
      )
      t.equal(text(await cache.through('item:1', async () => answer('yes'))), 'yes')
    })

    t.test(
      'a write of which nobody knows whether it happened takes away no answer while the source is away',
      async (t) => {
        const shared = await open(t)
        const [reader, writer] = [await shared.replica(), await shared.replica()]
        const down = async (): Promise<never> => {
          throw unavailable('The database', 1)
        }
        const one = (load: () => Promise<Representation>) => reader.cache.through('item:1', load)
        const list = (load: () => Promise<Representation>) =>
          reader.cache.through('items?limit=2', load, { tags: ['items'] })
        for (const read of [one, list]) await read(async () => answer('old'))
        await eventually(t, () => reader.store.read('item:1', []))
        await eventually(t, () => reader.store.read('items?limit=2', ['items']))
        let marks = 0
        reader.coherence.onInvalidate((names) => {
          if (names.includes('items')) marks += 1
        })
        for (let tries = 1; tries <= 2; tries += 1) {
          await t.rejects(writer.cache.write(['item:1', 'items'], down), { code: 'dependency_unavailable' })
          await eventually(t, () => marks === tries)
          for (const read of [one, list]) {
            const stale = await read(down)
            t.match(stale, { status: 'stale', detail: 'l2' })
            t.equal(text(stale), 'old')
          }
        }
        t.equal(text(await one(async () => answer('new'))), 'new')
        await writer.cache.write(['item:1', 'items'], async () => {})
        for (const read of [one, list])
          await t.rejects(async () => read(down), { code: 'dependency_unavailable' })
      },
    )

    t.test(
      'nor does one that comes while the marks of dead writers are kept by those of others',
      async (t) => {
        const shared = await open(t, { markMs: 2_000 })
        const { cache, coherence, store } = await shared.replica()
        const down = async (): Promise<never> => {
          throw unavailable('The database', 1)
        }
        const list = (load: () => Promise<Representation>) =>
          cache.through('items?limit=2', load, { tags: ['items'] })
        coherence.mark(['items'])
        await pause(1_000)
        await coherence.mark(['items']).release()
        await eventually(t, async () => (await tryClaim(store, 'items?limit=1', ['items'])) !== 'written')
        await list(async () => answer('old'))
        await eventually(t, () => store.read('items?limit=2', ['items']))
        const marked = new Promise<void>((resolve) => {
          coherence.onInvalidate((names) => names.includes('items') && resolve())
        })
        await t.rejects(cache.write(['items'], down), { code: 'dependency_unavailable' })
        await marked
        const stale = await list(down)
        t.match(stale, { status: 'stale', detail: 'l2' })
        t.equal(text(stale), 'old')
      },
    )

    t.test('clearing voids everything of ours in every replica', async (t) => {
      const shared = await open(t)
      const [first, second] = [await shared.replica(), await shared.replica()]
      const read = (of: typeof first, value: string) => of.cache.through('item:1', async () => answer(value))
      await read(first, 'old')
      await eventually(t, () => first.store.read('item:1', []))
      await read(second, 'old')
      t.equal(await second.cache.clear(), 1)
      t.equal(text(await read(first, 'new')), 'new')
      t.equal(text(await read(second, 'new')), 'new')
    })
  })
}
