/**
 * Rows as Postgres sends them, written as JSON by a schema. A page of 100 is 800 cells: made into values, and these into text
 * again, they took twice the CPU that it takes to copy them from one buffer into another (docs/performance.md).
 */

import { is } from 'drizzle-orm'
import { PgColumn, type SelectedFieldsFlat } from 'drizzle-orm/pg-core'
import type { TSchema } from 'typebox'
import type { Cell } from '#kernel/database.ts'
import { JsonBytes, longestEscape } from './json-bytes.ts'

/** The parts of JSON Schema that are looked at. */
interface Described {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly anyOf?: readonly Described[]
  readonly properties?: Readonly<Record<string, Described>>
}

/** A member of an object on the wire: what a column holds, or an object of such members. */
interface Member {
  readonly name: string
  readonly path: string
  readonly schema: Described
  readonly of: string | readonly Member[]
}

/** `owner.id` of the wire is the column `ownerId`. */
const columnOf = (path: readonly string[]): string =>
  path.reduce((name, part) => name + part.charAt(0).toUpperCase() + part.slice(1))

function membersOf(
  { properties = {} }: Described,
  columns: readonly string[],
  within: readonly string[] = [],
): Member[] {
  return Object.entries(properties).map(([name, schema]) => {
    const inner = [...within, name]
    const [path, column] = [inner.join('.'), columnOf(inner)]
    if (columns.includes(column)) return { name, path, schema, of: column }
    if (schema.properties) return { name, path, schema, of: membersOf(schema, columns, inner) }
    throw new Error(`${path}: there is no column ${column}`)
  })
}

type Values = Readonly<Record<string, unknown>>

/** Rows as objects of `schema`: `ownerId` and `ownerName` become `owner`. @throws {Error} at once, as `rowsAsJson`. */
export function rowsAsWire(schema: TSchema, columns: readonly string[]): (row: object) => Values {
  const build = (members: readonly Member[], row: Values): Values =>
    Object.fromEntries(
      members.map(({ name, of }) => [name, typeof of === 'string' ? row[of] : build(of, row)]),
    )
  const all = membersOf(schema as Described, columns)
  // What the schema does not name the serialiser leaves out.
  if (all.every(({ name, of }) => name === of)) return (row) => row as Values
  return (row) => build(all, row as Values)
}

/** What a cell's text has to become. */
type Kind = 'integer' | 'number' | 'text' | 'time' | 'boolean' | 'json'

/**
 * By the type of the column, and what the schema calls such a member. Others, such as arrays, have a form of their own in
 * Postgres.
 */
const kinds: readonly (readonly [column: RegExp, member: RegExp, Kind])[] = [
  [/^(real|double precision|numeric.*)$/, /^number$/, 'number'],
  [/^(small|big)?int(eger)?$|^(big|small)?serial$/, /^(integer|number)$/, 'integer'],
  [/^(text|uuid|(var)?char.*)$/, /^string$/, 'text'],
  [/^timestamp.* with time zone$/, /^date-time$/, 'time'],
  [/^boolean$/, /^boolean$/, 'boolean'],
  [/^jsonb?$/, /^(object|array)$/, 'json'],
]

/**
 * Of a member that may be several things, all of them but for null. An object whose members are named is none that could be
 * copied: it would show what they do not name.
 */
const thingsOf = ({ type = [], format, anyOf = [], properties }: Described): string[] =>
  [type, anyOf.map(thingsOf)]
    .flat(2)
    .filter((name) => name !== 'null')
    .map((name) => (properties ? 'members' : (format ?? name)))

function kindOf({ path, schema }: Member, column: string): Kind {
  const things = thingsOf(schema)
  const found = kinds.find(
    ([type, member]) =>
      (type.test(column) || column === bySql) &&
      things.length > 0 &&
      things.every((thing) => member.test(thing)),
  )
  if (found) return found[2]
  throw new Error(
    `${path}: no way to write a column of type ${column} as ${things.join(' or ') || 'anything'}`,
  )
}

/** A cell, and what stands before it: its name, and the braces of objects that begin or end there. */
interface Step {
  readonly before: Buffer
  readonly cell: number
  readonly kind: Kind
}

function stepsOf(members: readonly Member[], columns: ColumnTypes): { steps: Step[]; end: Buffer } {
  const names = Object.keys(columns)
  const steps: Step[] = []
  let before = ''
  const walk = (all: readonly Member[]): void => {
    before += '{'
    for (const member of all) {
      if (member !== all[0]) before += ','
      before += `${JSON.stringify(member.name)}:`
      if (typeof member.of === 'string') {
        const kind = kindOf(member, columns[member.of] as string)
        steps.push({ before: Buffer.from(before), cell: names.indexOf(member.of), kind })
        before = ''
      } else walk(member.of)
    }
    before += '}'
  }
  walk(members)
  return { steps, end: Buffer.from(before) }
}

/** The SQL type of each column by its name, in the order in which they are selected. */
export type ColumnTypes = Readonly<Record<string, string>>

/** Of what is made by SQL, drizzle knows no type: it is taken for what the schema calls it. */
const bySql = 'made by SQL'

export const columnTypes = (columns: SelectedFieldsFlat): ColumnTypes =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      is(column, PgColumn) ? column.getSQLType() : bySql,
    ]),
  )

/** `head` and `tail` are what stands round the rows. */
export type RowsAsJson = (head: string, rows: readonly (readonly Cell[])[], tail: string) => Buffer

/**
 * Writes rows whose cells are those of `columns`, in this order, as objects of `schema`, with commas between them.
 * @throws {Error} at once, for a member that has no column, or one of another type.
 */
export function rowsAsJson(schema: TSchema, columns: ColumnTypes): RowsAsJson {
  const { steps, end } = stepsOf(membersOf(schema as Described, Object.keys(columns)), columns)
  const fixedBytes = steps.reduce(
    (sum, { before }) => sum + before.length + longestFixed,
    end.length + comma.length,
  )
  return (head, rows, tail) => {
    out.begin(head)
    let isFirst = true
    for (const row of rows) {
      out.reserve(bytesAtMost(steps, row) + fixedBytes)
      if (!isFirst) out.copy(comma)
      isFirst = false
      for (const { before, cell: index, kind } of steps) {
        out.copy(before)
        const cell = row[index] ?? null
        if (cell === null) out.copy(nothing)
        else if (kind === 'text') out.text(cell)
        else if (kind === 'time') out.time(cell)
        else if (kind === 'boolean') out.copy(cell[0] === letterT ? yes : no)
        else if (kind === 'json') out.copy(hasLongNumber(cell) ? respelt(cell) : cell)
        else out.copy(kind === 'integer' || isDigit(cell.at(-1)) ? cell : nothing)
      }
      out.copy(end)
    }
    return out.end(tail)
  }
}

function bytesAtMost(steps: readonly Step[], row: readonly Cell[]): number {
  let bytes = 0
  for (const { cell } of steps) bytes += (row[cell]?.length ?? 0) * longestEscape
  return bytes
}

const [comma, nothing, yes, no] = [',', 'null', 'true', 'false'].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
]
/** `false`, or the two quotes of a text. */
const longestFixed = 5
const letterT = 0x74

/** `NaN` and `Infinity` are no numbers of JSON. */
const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39

/** Postgres writes numbers of JSON out in full: `5e-324` with 326 characters, and what is sent has a bound. */
function hasLongNumber(cell: Buffer): boolean {
  let digits = 0
  for (let index = 0; index < cell.length; index += 1) {
    digits = isDigit(cell[index]) ? digits + 1 : 0
    if (digits > longestExact) return true
  }
  return false
}

/** Digits of a number that JavaScript keeps exactly. */
const longestExact = 15

const respelt = (cell: Buffer): Buffer => Buffer.from(JSON.stringify(JSON.parse(cell.toString())))

const out = new JsonBytes()
