import t from 'tap'
import { refreshTokens } from '#modules/sessions/refresh-token.ts'

const tokens = refreshTokens('the key of this server')

t.test('the successor of a token is always the same, and is known to be ours', async (t) => {
  const first = tokens.first(12)
  t.match(first, /^slr\.12\.[\w-]{43}\.[\w-]{22}$/)
  const successor = tokens.successor(first)
  t.equal(tokens.successor(first), successor)
  t.not(successor, first)
  t.equal(tokens.sessionOf(successor), 12)
  t.not(tokens.first(12), first)
})

t.test('what was not issued under this key belongs to no session', async (t) => {
  const first = tokens.first(12)
  const foreign = refreshTokens('another key').first(12)
  const other = first.replace('slr.12.', 'slr.13.')
  const changed = first.slice(0, -2) + (first.endsWith('AA') ? 'BQ' : 'AA')
  for (const token of [foreign, other, changed, '', 'slr.12', `${first}.`, ` ${first}`]) {
    t.equal(tokens.sessionOf(token), undefined)
  }
})
