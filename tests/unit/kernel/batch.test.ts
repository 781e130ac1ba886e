/** Single reads of one turn become one read of many. */

import t from 'tap'
import { batched } from '#kernel/batch.ts'

const setUp = (load: (keys: readonly number[]) => Promise<ReadonlyMap<number, string>>, maxKeys?: number) => {
  const turns: (() => void)[] = []
  const loads: (readonly number[])[] = []
  const read = batched<number, string>(
    (keys) => {
      loads.push(keys)
      return load(keys)
    },
    (flush) => turns.push(flush),
    maxKeys,
  )
  const endTurn = (): void => {
    for (const flush of turns.splice(0)) flush()
  }
  return { read, loads, endTurn }
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
