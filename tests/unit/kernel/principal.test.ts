/** Nobody is a principal too, and nobody touches more than they hold. */

import t from 'tap'
import { anonymous, holdsAll } from '#kernel/principal.ts'

t.test('nobody holds nothing, never expires and cannot be changed', async (t) => {
  t.equal(anonymous.permissions.size, 0)
  t.equal(anonymous.bucket, '')
  t.equal(anonymous.expiresAt, Number.POSITIVE_INFINITY)
  t.throws(() => Object.assign(anonymous, { role: 'admin' }), TypeError)
})

t.test('holding all is holding each one', async (t) => {
  const principal = { ...anonymous, permissions: new Set(['items:write', 'users:read']) }
  t.equal(holdsAll(principal, []), true)
  t.equal(holdsAll(principal, ['users:read']), true)
  t.equal(holdsAll(principal, ['users:read', 'users:write']), false)
  t.equal(holdsAll(anonymous, ['users:read']), false)
})
