import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { together } from '#kernel/together.ts'

/** Doubles numbers; `bad` ones fail their whole statement. */
function scene(bad: readonly number[] = [], isRefusal = true) {
  const statements: number[][] = []
  const double = together<number, number>({
    call: async (items) => {
      statements.push([...items])
      if (items.some((item) => bad.includes(item))) throw new Error(`bad among ${items}`)
      return items.map((item) => item * 2)
    },
    isRefusal: () => isRefusal,
    defer: setImmediate,
    maxItems: 3,
  })
  return { statements, double }
}

t.test('what one turn writes goes in one statement, and each hears its own result', async (t) => {
  const { statements, double } = scene()
  t.strictSame(await Promise.all([1, 2, 3].map(double)), [2, 4, 6])
  await turn()
  t.equal(await double(4), 8)
  t.strictSame(statements, [[1, 2, 3], [4]])
})

t.test('a statement is never longer than it may be', async (t) => {
  const { statements, double } = scene()
  t.strictSame(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(double)), [2, 4, 6, 8, 10, 12, 14])
  t.strictSame(statements, [[1, 2, 3], [4, 5, 6], [7]])
})

t.test('one that is refused fails alone: all of its statement are written singly', async (t) => {
  const { statements, double } = scene([2])
  const settled = await Promise.allSettled([1, 2, 3].map(double))
  t.match(settled, [{ value: 2 }, { reason: { message: 'bad among 2' } }, { value: 6 }])
  t.strictSame(statements, [[1, 2, 3], [1], [2], [3]])
})

t.test('what may have been done is not done again: all hear of the failure', async (t) => {
  const { statements, double } = scene([2], false)
  const settled = await Promise.allSettled([1, 2, 3].map(double))
  t.match(settled, [{ status: 'rejected' }, { status: 'rejected' }, { status: 'rejected' }])
  t.strictSame(statements, [[1, 2, 3]])
})

t.test('one by itself that is refused is not tried twice', async (t) => {
  const { statements, double } = scene([2])
  await t.rejects(double(2))
  t.strictSame(statements, [[2]])
})

t.test('without a bound and without a rule for refusals, a turn is one call, and fails as one', async (t) => {
  const calls: number[][] = []
  const ask = together<number, number>({
    call: async (items) => {
      calls.push([...items])
      if (items.includes(0)) throw new Error('away')
      return items
    },
    defer: setImmediate,
  })
  t.strictSame(await Promise.all([1, 2, 3, 4].map(ask)), [1, 2, 3, 4])
  t.match(await Promise.allSettled([0, 5].map(ask)), [{ status: 'rejected' }, { status: 'rejected' }])
  t.strictSame(calls, [
    [1, 2, 3, 4],
    [0, 5],
  ])
})
