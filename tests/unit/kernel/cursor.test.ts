/** Cursors come back as they were made, and only those. */

import t from 'tap'
import { decodeCursor, encodeCursor } from '#kernel/cursor.ts'

t.test('a cursor is what it was, and safe in an address', async (t) => {
  for (const value of ['2026-11-20T20:11:15.123456Z', 'ünïcode & more?', '', 12.5, -1]) {
    const cursor = { sort: '-name', value, id: 9_007_199_254_740_991 }
    const text = encodeCursor(cursor)
    t.match(text, /^[A-Za-z0-9_-]+$/)
    t.strictSame(decodeCursor(text, '-name'), cursor)
  }
})

t.test('whatever else is refused as a bad cursor', async (t) => {
  const made = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
  const wrong = [
    '',
    'no base64 of JSON',
    made(null),
    made({}),
    made(['name', 'x']),
    made(['name', 'x', 1, 2]),
    made(['other', 'x', 1]),
    made(['name', null, 1]),
    made(['name', { a: 1 }, 1]),
    made(['name', true, 1]),
    made(['name', 'x', '1']),
    made(['name', 'x', 1.5]),
    made(['name', 'x', 2 ** 53]),
    Buffer.from('["name",1e999,1]').toString('base64url'),
  ]
  for (const text of wrong) t.throws(() => decodeCursor(text, 'name'), { code: 'bad_cursor' }, text)
})
