/**
 * Rows as Postgres sends them, written as JSON by a schema. A page of 100 is 800 cells: made into values and from these into
 * text again they took 195 CPU µs of node, copied from one buffer into another 86 (docs/performance.md).
 */

import type { TSchema } from 'typebox'
import type { Cell } from '#kernel/database.ts'

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

/** What a cell's text has to become: a number or JSON is copied as it is. */
type Kind = 'copy' | 'number' | 'text' | 'time' | 'boolean'

const kinds: Readonly<Record<string, Kind>> = {
  integer: 'copy',
  number: 'number',
  object: 'copy',
  array: 'copy',
  string: 'text',
  boolean: 'boolean',
}

const typesOf = ({ type = [], anyOf = [] }: Described): string[] =>
  [type, anyOf.map(typesOf)].flat(2).filter((name) => name !== 'null')

function kindOf({ path, schema }: Member): Kind {
  const [type, ...others] = new Set(typesOf(schema))
  const kind = type === undefined || others.length > 0 ? undefined : kinds[type]
  if (kind === undefined) throw new Error(`${path}: its schema does not say of what one type its cells are`)
  return schema.format === 'date-time' ? 'time' : kind
}

/** A cell, and what stands before it: its name, and the braces of objects that begin or end there. */
interface Step {
  readonly before: Buffer
  readonly cell: number
  readonly kind: Kind
}

function stepsOf(members: readonly Member[], columns: readonly string[]): { steps: Step[]; end: Buffer } {
  const steps: Step[] = []
  let before = ''
  const walk = (all: readonly Member[]): void => {
    before += '{'
    for (const member of all) {
      if (member !== all[0]) before += ','
      before += `${JSON.stringify(member.name)}:`
      if (typeof member.of === 'string') {
        steps.push({ before: Buffer.from(before), cell: columns.indexOf(member.of), kind: kindOf(member) })
        before = ''
      } else walk(member.of)
    }
    before += '}'
  }
  walk(members)
  return { steps, end: Buffer.from(before) }
}

/** `head` and `tail` are what stands round the rows. */
export type RowsAsJson = (head: string, rows: readonly (readonly Cell[])[], tail: string) => Buffer

/**
 * Writes rows whose cells are those of `columns`, in this order, as objects of `schema`, with commas between them.
 * @throws {Error} at once, for a member that has no column, or of which the schema does not say what it is.
 */
export function rowsAsJson(schema: TSchema, columns: readonly string[]): RowsAsJson {
  const { steps, end } = stepsOf(membersOf(schema as Described, columns), columns)
  const fixedBytes = steps.reduce((sum, { before }) => sum + before.length + longestFixed, end.length + 1)
  return (head, rows, tail) => {
    out.begin(head)
    let isFirst = true
    for (const row of rows) {
      out.reserve(row, fixedBytes)
      if (!isFirst) out.byte(comma)
      isFirst = false
      for (const { before, cell: index, kind } of steps) {
        out.copy(before)
        const cell = row[index] ?? null
        if (cell === null) out.copy(nothing)
        else if (kind === 'copy') out.copy(cell)
        else if (kind === 'text') out.text(cell)
        else if (kind === 'time') out.time(cell)
        else if (kind === 'boolean') out.copy(cell[0] === letterT ? yes : no)
        else out.copy(isDigit(cell.at(-1)) ? cell : nothing)
      }
      out.copy(end)
    }
    return out.end(tail)
  }
}

const [nothing, yes, no] = [Buffer.from('null'), Buffer.from('true'), Buffer.from('false')]
/** `false`, or the two quotes of a text. */
const longestFixed = 5
const [comma, quote, backslash, space, letterT] = [0x2c, 0x22, 0x5c, 0x20, 0x74]
/** `NaN` and `Infinity` are no numbers of JSON. */
const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39
const hexDigits = Buffer.from('0123456789abcdef')
/** A control character becomes `\u001f`. */
const longestEscape = 6

/** After the backslash, of those that have a short escape. */
const shortEscapes = new Map(
  [...'"\\\b\f\n\r\t'].map((char) => [char.charCodeAt(0), JSON.stringify(char).charCodeAt(2)]),
)

/** Where rows are written, one page after the other: none waits in the middle of one. */
class Output {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #at = 0

  begin(head: string): void {
    this.#at = 0
    this.#reserve(Buffer.byteLength(head))
    this.#at = this.#bytes.write(head)
  }

  reserve(row: readonly Cell[], fixedBytes: number): void {
    let bytes = fixedBytes
    for (const cell of row) if (cell !== null) bytes += cell.length * longestEscape
    this.#reserve(bytes)
  }

  byte(value: number): void {
    this.#bytes[this.#at] = value
    this.#at += 1
  }

  copy(cell: Buffer): void {
    const bytes = this.#bytes
    const at = this.#at
    const { length } = cell
    // A loop: of so few bytes, the call of `set` would take longer.
    for (let index = 0; index < length; index += 1) bytes[at + index] = cell[index] as number
    this.#at = at + length
  }

  /** In quotes, escaped as by JSON.stringify: what Postgres sends is whole UTF-8. */
  text(cell: Buffer): void {
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = quote
    const { length } = cell
    for (let index = 0; index < length; index += 1) {
      const byte = cell[index] as number
      if (byte >= space && byte !== quote && byte !== backslash) bytes[at++] = byte
      else at = escaped(bytes, at, byte)
    }
    bytes[at++] = quote
    this.#at = at
  }

  /** `2026-11-20 20:11:15.123+00` is RFC 3339 but for two places. */
  time(cell: Buffer): void {
    this.byte(quote)
    const from = this.#at
    this.copy(cell)
    const zone = this.#at - 3
    this.#bytes[from + 10] = 0x54
    this.#bytes[zone] = 0x5a
    this.#bytes[zone + 1] = quote
    this.#at = zone + 2
  }

  end(tail: string): Buffer {
    this.#reserve(Buffer.byteLength(tail))
    this.#at += this.#bytes.write(tail, this.#at)
    const page = Buffer.from(this.#bytes.subarray(0, this.#at))
    if (this.#bytes.length > mostKeptBytes) this.#bytes = Buffer.allocUnsafeSlow(firstBytes)
    return page
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + bytes, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

function escaped(bytes: Buffer, from: number, byte: number): number {
  let at = from
  bytes[at++] = backslash
  const short = shortEscapes.get(byte)
  if (short !== undefined) {
    bytes[at++] = short
    return at
  }
  at += bytes.write('u00', at)
  bytes[at++] = hexDigits[byte >> 4] as number
  bytes[at++] = hexDigits[byte & 15] as number
  return at
}

const firstBytes = 64 * 1024
const mostKeptBytes = 1024 * 1024

const out = new Output()
