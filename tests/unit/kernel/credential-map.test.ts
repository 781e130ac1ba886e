/** What a credential was found to mean: bounded, expiring, and gone the moment it is revoked. */

import t from 'tap'
import { credentialMap, subjectsOf } from '#kernel/credential-map.ts'
import { anonymous, type Principal } from '#kernel/principal.ts'

const principal = (userId: number, more: Partial<Principal> = {}): Principal => ({
  ...anonymous,
  kind: 'session',
  userId,
  credentialId: userId * 10,
  role: 'user',
  bucket: `user:${userId}`,
  ...more,
})
const now = 1_000
const ada = principal(1)

t.test('what was checked is known, from the instant that is asked for on', async (t) => {
  const map = credentialMap(10)
  t.equal(map.get('a', 0, now), undefined)
  map.set('a', ada, 50, map.mark())
  t.equal(map.get('a', 0, now), ada)
  t.equal(map.get('a', 50, now), ada)
  t.equal(map.get('a', 51, now), undefined, 'checked too long ago')
  t.equal(map.last('a', now), ada, 'but known, for when nothing can be asked')
  t.equal(map.last('b', now), undefined)
})

t.test('expiry is looked at on every hit, also on the last resort', async (t) => {
  const map = credentialMap(10)
  map.set('a', principal(1, { expiresAt: 2_000 }), 0, map.mark())
  t.ok(map.get('a', 0, 1_999))
  t.equal(map.get('a', 0, 2_000), undefined)
  t.equal(map.last('a', 2_000), undefined)
})

t.test('two generations: what is used is carried over, what is not is forgotten', async (t) => {
  const map = credentialMap(4)
  const set = (name: string, who: Principal) => map.set(name, who, 0, map.mark())
  set('a', ada)
  set('b', principal(2))
  set('c', principal(3))
  t.ok(map.get('a', 0, now), 'from the old generation, into the young one')
  set('d', principal(4))
  t.ok(map.get('a', 0, now), 'carried over once, it lives on')
  t.equal(map.get('b', 0, now), undefined, 'b was not asked for')
  for (let each = 10; each < 1_000; each++) set(`x${each}`, principal(each))
  const known = Array.from({ length: 990 }, (_, each) => map.last(`x${each + 10}`, now)).filter(Boolean)
  t.ok(known.length <= 4, `${known.length} of 990 are kept`)
})

t.test('a subject takes all that it stands behind with it, in both generations', async (t) => {
  for (const subject of ['user:1', 'session:10', 'role:user']) {
    const map = credentialMap(4)
    map.set('one', ada, 0, map.mark())
    map.set('two', ada, 0, map.mark())
    map.set('other', principal(2, { role: 'admin', credentialId: 99 }), 0, map.mark())
    map.forget(subject)
    t.equal(map.get('one', 0, now), undefined, `${subject}, old generation`)
    t.equal(map.last('two', now), undefined)
    t.ok(map.get('other', 0, now), 'and nobody else')
  }
})

t.test('a subject is forgotten also where it was carried into the young generation', async (t) => {
  const map = credentialMap(4)
  for (const name of ['a', 'b', 'c']) map.set(name, ada, 0, map.mark())
  t.ok(map.get('a', 0, now))
  map.forget('user:1')
  for (const name of ['a', 'b', 'c']) t.equal(map.last(name, now), undefined, name)
  map.set('a', ada, 0, map.mark())
  t.ok(map.get('a', 0, now), 'a check after the revocation counts')
})

t.test('a revocation between the mark and the answer makes the answer worthless', async (t) => {
  const map = credentialMap(4)
  const mark = map.mark()
  map.forget('user:1')
  map.set('a', ada, 0, mark)
  t.equal(map.get('a', 0, now), undefined)
  const later = map.mark()
  map.clear()
  map.set('a', ada, 0, later)
  t.equal(map.get('a', 0, now), undefined, 'so does forgetting everything')
})

t.test('a name of no subject revokes nothing: a check under way keeps its worth', async (t) => {
  const map = credentialMap(4)
  const mark = map.mark()
  for (const name of ['items', 'items:7', 'users', 'roles']) map.forget(name)
  map.set('a', ada, 0, mark)
  t.equal(map.get('a', 0, now), ada)
  for (const subject of subjectsOf(principal(7, { kind: 'api-key' }))) {
    const before = map.mark()
    map.forget(subject)
    map.set('b', principal(7), 0, before)
    t.equal(map.get('b', 0, now), undefined, subject)
  }
})

t.test('clear forgets everything', async (t) => {
  const map = credentialMap(4)
  for (const name of ['a', 'b', 'c']) map.set(name, ada, 0, map.mark())
  map.clear()
  for (const name of ['a', 'b', 'c']) t.equal(map.last(name, now), undefined)
  t.strictSame(subjectsOf(principal(7, { kind: 'api-key' })), ['user:7', 'api-key:70', 'role:user'])
})
