import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { openPasswords } from '#platform/passwords.ts'

const weak = { memoryKib: 64, iterations: 1 }

t.test('a password is argon2id under the parameters asked for, and verified whatever its form', async (t) => {
  const passwords = await openPasswords(weak)
  const hash = await passwords.hash('caf\u00e9 au lait')
  t.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
  t.equal(await passwords.verify(hash, 'cafe\u0301 au lait'), true, 'composed or decomposed')
  t.equal(await passwords.verify(hash, 'cafe au lait'), false)
})

t.test('every branch costs one call', async (t) => {
  let calls = 0
  const engine = {
    ...argon2,
    verify: (...given: Parameters<typeof argon2.verify>) => {
      calls += 1
      return argon2.verify(...given)
    },
  }
  const passwords = await openPasswords({ ...weak, engine })
  const hash = await passwords.hash('the right one')
  for (const [given, password, isRight] of [
    [hash, 'the right one', true],
    [hash, 'a wrong one', false],
    [null, 'the right one', false],
    [undefined, 'the password of no account', false],
  ] as const) {
    calls = 0
    t.equal(await passwords.verify(given, password), isRight)
    t.equal(calls, 1)
  }
})

t.test('other parameters make a hash outdated', async (t) => {
  const [old, current] = [await openPasswords(weak), await openPasswords({ ...weak, iterations: 2 })]
  const hash = await old.hash('a password')
  t.equal(old.isOutdated(hash), false)
  t.equal(current.isOutdated(hash), true)
  t.equal(await current.verify(hash, 'a password'), true, 'it is still verified')
  const wider = await openPasswords({ ...weak, parallelism: 2 })
  t.match(await wider.hash('a password'), /m=64,t=1,p=2\$/)
  t.equal(wider.isOutdated(hash), true)
  t.equal(wider.isOutdated(await wider.hash('a password')), false)
})

t.test('only so many run at once, the rest wait in turn, and a full queue refuses', async (t) => {
  const started: string[] = []
  const finish: (() => void)[] = []
  const engine = {
    ...argon2,
    hash: async (password: string | Uint8Array) => {
      started.push(String(password))
      if (started.length > 1) await new Promise<void>((resolve) => finish.push(resolve))
      return 'hashed'
    },
  }
  const passwords = await openPasswords({ ...weak, engine, concurrency: 2, maxWaiting: 1 })
  started.splice(1)
  const [a, b, c] = ['a', 'b', 'c'].map((password) => passwords.hash(password))
  await t.rejects(passwords.hash('d'), { code: 'overloaded', retryAfterSeconds: 2 })
  t.strictSame(started.slice(1), ['a', 'b'])
  finish.shift()?.()
  await a
  await new Promise(setImmediate)
  t.strictSame(started.slice(1), ['a', 'b', 'c'])
  for (const end of finish) end()
  await Promise.all([b, c])
})
