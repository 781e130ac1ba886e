import t from 'tap'
import { apiKeyHash, isWellFormed, newApiKey } from '#modules/api-keys/api-key.ts'

t.test('a key is well formed, and no two are alike', async (t) => {
  const keys = Array.from({ length: 200 }, (_, index) => newApiKey(index + 1))
  t.ok(keys.every(isWellFormed))
  t.equal(new Set(keys.map((key) => apiKeyHash(key).toString('hex'))).size, 200)
})

t.test('any single mistyped character is noticed without a look-up', async (t) => {
  const key = newApiKey(42)
  for (let index = 0; index < key.length; index++) {
    const typo = key.slice(0, index) + (key[index] === 'x' ? 'y' : 'x') + key.slice(index + 1)
    t.notOk(isWellFormed(typo), typo)
  }
  for (const noise of [
    '',
    'slc_',
    key.slice(1),
    `${key} `,
    key.toLowerCase(),
    'sk_live_abcdef',
    `${key}\n`,
  ]) {
    t.notOk(isWellFormed(noise))
  }
})
