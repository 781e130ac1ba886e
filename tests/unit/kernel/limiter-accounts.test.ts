import t from 'tap'
import { Accounts } from '#kernel/limiter/accounts.ts'
import type { Policy } from '#kernel/limiter/policy.ts'

const policy: Policy = { name: 'free', capacity: 10, refillPerSecond: 1, windowSeconds: 10 }

t.test('the longest unused goes first, and one in use has a second chance', async (t) => {
  const gone: string[] = []
  const accounts = new Accounts(2, ({ key }) => gone.push(key) > 0)
  const first = accounts.of('first', policy)
  const second = accounts.of('second', policy)
  second.isUsed = false
  accounts.of('third', policy)
  t.strictSame(gone, ['second'])
  t.equal(first.isUsed, false, 'its chance is taken')
  accounts.of('fourth', policy)
  t.strictSame(gone, ['second', 'first'])
  t.equal(accounts.size, 2)
})

t.test('one that is gone takes nobody with it who has its key now', async (t) => {
  const accounts = new Accounts(2, () => true)
  const before = accounts.of('same', policy)
  accounts.delete(before)
  const after = accounts.of('same', policy)
  accounts.delete(before)
  t.equal(accounts.of('same', policy), after)
  t.strictSame([...accounts], [after])
  t.equal(accounts.size, 1)
})

t.test('where there is room for none, the one that is asked for is kept all the same', async (t) => {
  const accounts = new Accounts(0, () => t.fail('there is none to evict'))
  const only = accounts.of('only', policy)
  t.strictSame([...accounts], [only])
})
