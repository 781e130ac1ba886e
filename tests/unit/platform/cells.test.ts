/** Rows written from their cells say what the same rows say as values. */

import t from 'tap'
import { type TSchema, Type } from 'typebox'
import type { Cell } from '#kernel/database.ts'
import { type ColumnTypes, rowsAsJson, rowsAsWire } from '#platform/cells.ts'

const cells = (...texts: readonly (string | null)[]): Cell[] =>
  texts.map((text) => (text === null ? null : Buffer.from(text)))

const written = (schema: TSchema, columns: ColumnTypes, ...rows: Cell[][]): string =>
  rowsAsJson(schema, columns)('[', rows, ']').toString()

const Thing = Type.Object({
  id: Type.Integer(),
  name: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  owner: Type.Object({ id: Type.Integer(), name: Type.String() }),
  isPinned: Type.Boolean(),
  metadata: Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
  tags: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  size: Type.Union([Type.Literal('s'), Type.Literal('l'), Type.Null()]),
})
// In another order than the members, with one that the wire has not.
const columns = {
  createdAt: 'timestamp with time zone',
  secret: 'text',
  id: 'bigint',
  ownerId: 'bigint',
  name: 'text',
  ownerName: 'made by SQL',
  isPinned: 'boolean',
  metadata: 'jsonb',
  tags: 'jsonb',
  size: 'varchar(1)',
}
const first = cells(
  '2026-11-20 20:11:15.123+00',
  'secret',
  '7',
  '3',
  'Seven',
  'Ann',
  't',
  '{"rank": 1}',
  '["a", "b"]',
  's',
)
const second = cells('2026-11-20 20:11:15+00', null, '8', '4', null, 'Bob', 'f', '{}', '[]', null)

t.test('members in the order of the schema, objects by the names of their columns, nulls', async (t) => {
  t.strictSame(JSON.parse(written(Thing, columns, first, second)), [
    {
      id: 7,
      name: 'Seven',
      owner: { id: 3, name: 'Ann' },
      isPinned: true,
      metadata: { rank: 1 },
      tags: ['a', 'b'],
      createdAt: '2026-11-20T20:11:15.123Z',
      size: 's',
    },
    {
      id: 8,
      name: null,
      owner: { id: 4, name: 'Bob' },
      isPinned: false,
      metadata: {},
      tags: [],
      createdAt: '2026-11-20T20:11:15Z',
      size: null,
    },
  ])
  t.equal(written(Thing, columns), '[]')
})

t.test('texts are escaped as by JSON.stringify, to the byte', async (t) => {
  const Text = Type.Object({ text: Type.String() })
  const controls = Array.from({ length: 0x1f }, (_, index) => String.fromCharCode(index + 1)).join('')
  for (const text of [
    '',
    controls,
    '"\\"',
    'ä€😀\u007f\u2028\u2029',
    '/</script>',
    'a'.repeat(100_000),
    '\u0001'.repeat(100_000),
  ]) {
    t.equal(written(Text, { text: 'text' }, cells(text)), JSON.stringify([{ text }]))
  }
  t.equal(
    written(Text, { text: 'text' }, cells('after')),
    JSON.stringify([{ text: 'after' }]),
    'after a large one',
  )
})

t.test('numbers, and what is none', async (t) => {
  const rows = ['1.50', '-1e+20', 'NaN', 'Infinity', '-Infinity'].map((text) => cells(text))
  const json = written(Type.Object({ number: Type.Number() }), { number: 'double precision' }, ...rows)
  t.equal(json, '[{"number":1.50},{"number":-1e+20},{"number":null},{"number":null},{"number":null}]')
})

t.test('a large page: what was written stays as it was when the next is written', async (t) => {
  const One = Type.Object({ id: Type.Integer(), text: Type.String() })
  const write = rowsAsJson(One, { id: 'bigint', text: 'text' })
  const rows = Array.from({ length: 100 }, (_, id) => cells(String(id), `${id}"`.repeat(5_000)))
  const page = write('{"data":[', rows, '],"next":"ä"}')
  const text = page.toString()
  write('[', [cells('1', 'other')], ']')
  t.equal(page.toString(), text)
  t.strictSame(JSON.parse(text), {
    data: rows.map((_, id) => ({ id, text: `${id}"`.repeat(5_000) })),
    next: 'ä',
  })
})

t.test('rows as values take the same form', async (t) => {
  const row = {
    createdAt: 'then',
    secret: 'secret',
    id: 7,
    ownerId: 3,
    name: null,
    ownerName: 'Ann',
    isPinned: true,
    metadata: {},
    tags: [],
    size: 's',
  }
  t.strictSame(rowsAsWire(Thing, Object.keys(columns))(row), {
    id: 7,
    name: null,
    owner: { id: 3, name: 'Ann' },
    isPinned: true,
    metadata: {},
    tags: [],
    createdAt: 'then',
    size: 's',
  })
})

t.test('JSON is sent as it is kept, but for numbers that Postgres writes out in full', async (t) => {
  const Json = Type.Object({ json: Type.Unsafe<object>({ type: 'object', additionalProperties: true }) })
  const json = (text: string) => written(Json, { json: 'jsonb' }, cells(text))
  const kept = '{"a": [1.50, "\\u0000", {"b": null}], "ä": "x"}'
  t.equal(json(kept), `[{"json":${kept}}]`)
  t.equal(
    json(`{"a": 1${'0'.repeat(308)}, "b": 0.${'0'.repeat(323)}5}`),
    '[{"json":{"a":1e+308,"b":5e-324}}]',
  )
  t.equal(json(`{"a": "${'1'.repeat(40)}"}`), `[{"json":{"a":"${'1'.repeat(40)}"}}]`)
})

t.test('two members of one column, each of the longest escapes', async (t) => {
  const Twice = Type.Object({ aB: Type.String(), a: Type.Object({ b: Type.String() }) })
  const text = '\u0001'.repeat(200_000)
  t.equal(written(Twice, { aB: 'text' }, cells(text)), JSON.stringify([{ aB: text, a: { b: text } }]))
})

t.test('what cannot be written is refused at once', async (t) => {
  t.throws(() => rowsAsJson(Thing, { id: 'bigint' }), { message: 'name: there is no column name' })
  t.throws(() => rowsAsWire(Thing, ['id', 'name', 'ownerId']), {
    message: 'owner.name: there is no column ownerName',
  })
  const time = Type.String({ format: 'date-time' })
  for (const [column, member] of [
    ['text[]', Type.Array(Type.String())],
    ['timestamp', time],
    ['date', time],
    ['text', time],
    ['timestamp with time zone', Type.String()],
    ['jsonb', Type.Object({ a: Type.String() })],
    ['double precision', Type.Integer()],
    ['text', Type.Unknown()],
    ['text', Type.Union([Type.String(), Type.Integer()])],
  ] as const) {
    t.throws(() => rowsAsJson(Type.Object({ member }), { member: column }), {
      message: /^member: no way to write a column of type/,
    })
  }
  const Late = Type.Object({ at: Type.Union([time, Type.Null()]) })
  const at = { at: 'timestamp (3) with time zone' }
  t.equal(written(Late, at, cells('2026-11-20 20:11:15.123+00')), '[{"at":"2026-11-20T20:11:15.123Z"}]')
})
