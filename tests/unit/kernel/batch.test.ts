/** Single reads of one turn become one read of many. */

import t from 'tap'
import { batched } from '#kernel/batch.ts'

const setUp = (load: (keys: readonly number[]) => Promise<ReadonlyMap<number, string>>, maxKeys?: number) => {
  const turns: (() => void)[] = []
  const loads: (readonly number[])[] = []
  const signals: (AbortSignal | undefined)[] = []
  const read = batched<number, string>(
    (keys, signal) => {
      loads.push(keys)
      signals.push(signal)
      return load(keys)
    },
    (flush) => turns.push(flush),
    maxKeys,
  )
  const endTurn = (): void => {
    for (const flush of turns.splice(0)) flush()
  }
  return { read, loads, signals, endTurn }
}
const names = async (keys: readonly number[]) => new Map(keys.map((key) => [key, `n${key}`]))

t.test('keys of one turn are loaded together, each once', async (t) => {
  const { read, loads, endTurn } = setUp(names)
  const all = Promise.all([read(1), read(2), read(1)])
  t.strictSame(loads, [], 'nothing before the turn ends')
  endTurn()
  t.strictSame(await all, ['n1', 'n2', 'n1'])
  t.strictSame(loads, [[1, 2]])
})

t.test('what is not found is undefined to who asked for it alone', async (t) => {
  const { read, endTurn } = setUp(async () => new Map([[1, 'n1']]))
  const both = Promise.all([read(1), read(2)])
  endTurn()
  t.strictSame(await both, ['n1', undefined])
})

t.test('a load that fails fails all of its turn, and none of the next', async (t) => {
  let isBroken = true
  const { read, loads, endTurn } = setUp(async (keys) => {
    if (isBroken) throw new Error('away')
    return names(keys)
  })
  const first = Promise.allSettled([read(1), read(2)])
  endTurn()
  t.match(await first, [{ reason: { message: 'away' } }, { reason: { message: 'away' } }])
  isBroken = false
  const second = read(1)
  endTurn()
  t.equal(await second, 'n1')
  t.equal(loads.length, 2)
})

t.test('a full batch leaves at once; the end of its turn then finds the rest, or nothing', async (t) => {
  const { read, loads, endTurn } = setUp(names, 2)
  const full = [read(1), read(2)]
  t.strictSame(loads, [[1, 2]])
  endTurn()
  t.strictSame(loads, [[1, 2]])
  const more = [read(3), read(4), read(5)]
  endTurn()
  t.strictSame(await Promise.all([...full, ...more]), ['n1', 'n2', 'n3', 'n4', 'n5'])
  t.strictSame(loads, [[1, 2], [3, 4], [5]])
})

t.test('who leaves is told at once; the load ends with the last of its readers', async (t) => {
  const loaded = Promise.withResolvers<ReadonlyMap<number, string>>()
  const { read, loads, signals, endTurn } = setUp(() => loaded.promise)
  const [one, two] = [new AbortController(), new AbortController()]
  const reads = Promise.allSettled([read(1, one.signal), read(2, two.signal)])
  endTurn()
  one.abort(new Error('one left'))
  t.equal(signals[0]?.aborted, false, 'the other still waits')
  two.abort(new Error('two left'))
  t.equal(signals[0]?.aborted, true)
  loaded.reject(new Error('cancelled'))
  t.match(await reads, [{ reason: { message: 'one left' } }, { reason: { message: 'two left' } }])
  t.strictSame(loads, [[1, 2]])
})

t.test(
  'a batch that all have left before it was sent is not sent; the turn goes on with another',
  async (t) => {
    const { read, loads, endTurn } = setUp(names)
    const gone = new AbortController()
    const left = read(1, gone.signal)
    gone.abort(new Error('left'))
    await t.rejects(left, { message: 'left' })
    const second = read(2, new AbortController().signal)
    endTurn()
    t.equal(await second, 'n2')
    t.strictSame(loads, [[2]])
    await t.rejects(read(3, gone.signal), { message: 'left' }, 'who has left already asks nothing')
  },
)

t.test('a reader that cannot leave keeps the load going', async (t) => {
  const { read, signals, endTurn } = setUp(names)
  const controller = new AbortController()
  const [staying, leaving] = [read(1), read(1, controller.signal)]
  endTurn()
  controller.abort(new Error('left'))
  await t.rejects(leaving, { message: 'left' })
  t.equal(await staying, 'n1')
  t.equal(signals[0]?.aborted, false)
})
