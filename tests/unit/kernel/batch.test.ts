import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { batched } from '#kernel/batch.ts'

/** Reads of a table of squares, in the hand of the test: each waits until it is answered. */
function table(maxKeys?: number) {
  const reads: { keys: readonly number[]; signal: AbortSignal; answer: () => void; fail: () => void }[] = []
  const one = batched<number, number>(
    (keys, signal) =>
      new Promise((resolve, reject) => {
        reads.push({
          keys,
          signal,
          answer: () => resolve(new Map(keys.filter((key) => key > 0).map((key) => [key, key * key]))),
          fail: () => reject(new Error('gone')),
        })
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    (flush) => setImmediate(flush),
    maxKeys,
  )
  return { reads, one }
}

t.test('reads of one turn are one read; the same key is asked for once', async (t) => {
  const { reads, one } = table()
  const answers = Promise.all([one(2), one(3), one(2), one(-1)])
  await turn()
  t.strictSame(
    reads.map(({ keys }) => keys),
    [[2, 3, -1]],
  )
  reads[0]?.answer()
  t.strictSame(await answers, [4, 9, 4, undefined])
})

t.test('a read is never longer than it may be, and a failure is everybody’s', async (t) => {
  const { reads, one } = table(2)
  const answers = Promise.allSettled([one(1), one(2), one(3)])
  await turn()
  t.strictSame(
    reads.map(({ keys }) => keys),
    [[1, 2], [3]],
  )
  reads[0]?.fail()
  reads[1]?.answer()
  t.match(await answers, [{ status: 'rejected' }, { status: 'rejected' }, { value: 9 }])
})

t.test('exactly full at the end of a turn: nothing is left to read', async (t) => {
  const { reads, one } = table(2)
  void Promise.all([one(1), one(2)])
  await turn()
  t.equal(reads.length, 1)
})

t.test('who leaves hears so at once; the others still get theirs', async (t) => {
  const { reads, one } = table()
  const [leaving, staying] = [new AbortController(), new AbortController()]
  const answers = Promise.allSettled([one(2, leaving.signal), one(2, staying.signal), one(3)])
  await turn()
  leaving.abort(new Error('too late'))
  t.notOk(reads[0]?.signal.aborted)
  reads[0]?.answer()
  t.match(await answers, [{ reason: { message: 'too late' } }, { value: 4 }, { value: 9 }])
  staying.abort()
  t.notOk(reads[0]?.signal.aborted, 'what is over is not cancelled')
})

t.test('the read is cancelled when the last of its readers leaves', async (t) => {
  const { reads, one } = table()
  const [first, second] = [new AbortController(), new AbortController()]
  const answers = Promise.allSettled([one(2, first.signal), one(3, second.signal)])
  await turn()
  first.abort(new Error('first'))
  t.notOk(reads[0]?.signal.aborted)
  second.abort(new Error('second'))
  t.ok(reads[0]?.signal.aborted)
  t.match(await answers, [{ reason: { message: 'first' } }, { reason: { message: 'second' } }])
})

t.test('a reader without a signal keeps the read alive', async (t) => {
  const { reads, one } = table()
  const leaving = new AbortController()
  const left = one(2, leaving.signal)
  const stays = one(3)
  await turn()
  leaving.abort(new Error('too late'))
  await t.rejects(left, { message: 'too late' })
  t.notOk(reads[0]?.signal.aborted)
  reads[0]?.answer()
  t.equal(await stays, 9)
})

t.test('who left before the turn ends is not read for; who comes after them is', async (t) => {
  const { reads, one } = table()
  const leaving = new AbortController()
  const left = one(2, leaving.signal)
  leaving.abort(new Error('too late'))
  await t.rejects(left, { message: 'too late' })
  await t.rejects(one(3, leaving.signal), { message: 'too late' })
  const after = one(4)
  await turn()
  t.strictSame(
    reads.map(({ keys }) => keys),
    [[4]],
  )
  reads[0]?.answer()
  t.equal(await after, 16)
})
