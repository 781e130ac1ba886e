/** Values of each type go to Postgres and come back as they were. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'

const postgres = openPostgres({
  url: await testDatabase(t),
  maxConnections: 1,
  statementTimeoutMs: 10_000,
  name: 'types',
})
t.teardown(() => postgres.close())

const awkward = ['', ' ', 'a,b', '{}', 'say "so"', 'back\\slash', 'NULL', '名']

for (const [type, value] of Object.entries({
  bigint: 9_007_199_254_740_991,
  timestamptz: '2026-11-20T20:11:15.123456Z',
  'smallint[]': [-1, 2],
  'int[]': [-1, 2_147_483_647, null],
  'bigint[]': [1, 9_007_199_254_740_991],
  'real[]': [0.5, -2],
  'double precision[]': [0.1, 1e300],
  'numeric[]': ['0.10', '12345678901234567890'],
  'text[]': [...awkward, null],
  'varchar[]': awkward,
  'date[]': ['2026-11-20', null],
  'timestamptz[]': ['2026-11-20T20:11:15.123456Z', null],
  'uuid[]': ['8f0d1f4e-0c4e-4d43-8bb1-5f5a4f2f0a11'],
  'int[][]': [
    [1, 2],
    [3, 4],
  ],
})) {
  t.test(type, async (t) => {
    const [row] = await postgres.text<{ value: unknown }>(`select $1::${type} as value`, [value])
    t.strictSame(row?.value, value)
  })
}

t.test(
  'an array of booleans comes as such; postgres.js takes one that is given for a single boolean',
  async (t) => {
    const [row] = await postgres.text<{ value: unknown }>(`select '{t,f,null}'::boolean[] as value`)
    t.strictSame(row?.value, [true, false, null])
  },
)

t.test('an array may be given as its text, and be empty', async (t) => {
  const [row] = await postgres.text(`select $1::bigint[] as some, $2::text[] as none`, ['{1,2}', []])
  t.strictSame({ ...(row as object) }, { some: [1, 2], none: [] })
})

t.test('undefined is refused, in an array too', async (t) => {
  await t.rejects(postgres.text('select $1::text[]', [['x', undefined]]), /undefined/)
  await t.rejects(postgres.text('select $1::text', [undefined]), /[Uu]ndefined/)
  t.match(await postgres.text('select 1 as one'), [{ one: 1 }])
})
