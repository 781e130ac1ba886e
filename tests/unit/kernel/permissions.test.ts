/** What a role or a key was granted, as what it means now. */

import t from 'tap'
import { expand, frozen, lowerTier } from '#kernel/permissions.ts'
import { anonymous } from '#kernel/principal.ts'

const declared = new Set(['items:write', 'users:read'])

t.test('a star is everything declared; what nobody declares any more is nothing', async (t) => {
  t.strictSame(expand(['*'], declared), declared)
  t.strictSame([...expand(['users:read', 'gone:write'], declared)], ['users:read'])
  t.strictSame([...expand([], declared)], [])
})

t.test('the lower of two tiers, whichever comes first', async (t) => {
  t.equal(lowerTier('free', 'enterprise'), 'free')
  t.equal(lowerTier('enterprise', 'pro'), 'pro')
  t.equal(lowerTier('anonymous', 'anonymous'), 'anonymous')
  t.ok(Object.isFrozen(frozen({ ...anonymous })))
})
