import t from 'tap'
import { Permits } from '#kernel/permits.ts'

t.test('so many at once, the others in the order they came', async (t) => {
  const permits = new Permits(2)
  const served: string[] = []
  const take = (name: string) => permits.take().then(() => served.push(name))
  await take('first')
  t.ok(permits.tryTake())
  t.notOk(permits.tryTake())
  const others = Promise.all([take('second'), take('third')])
  permits.release()
  permits.release()
  await others
  t.strictSame(served, ['first', 'second', 'third'])
  permits.release()
  permits.release()
  t.ok(permits.tryTake(), 'given back')
})

t.test('who has left before does not wait', async (t) => {
  const permits = new Permits(1)
  await permits.take()
  await t.rejects(permits.take(AbortSignal.abort(new Error('left'))), { message: 'left' })
  t.equal(permits.waiting, 0)
})

t.test('who gives up waiting is not served', async (t) => {
  const permits = new Permits(1)
  await permits.take()
  const leaving = new AbortController()
  const left = permits.take(leaving.signal)
  const patient = permits.take(new AbortController().signal)
  t.equal(permits.waiting, 2)
  leaving.abort(new Error('left'))
  await t.rejects(left, { message: 'left' })
  t.equal(permits.waiting, 1)
  permits.release()
  await patient
  t.equal(permits.waiting, 0)
  t.notOk(permits.tryTake(), 'the patient one holds it')
})
