/**
 * Which values of ours stand for which of Postgres' types. Those of arrays are named here: postgres.js would ask each server
 * for them with its first statement, and a connection that breaks just then ends the process (3.4.9: nobody
 * waits for that question). An array of a type that is not here comes as Postgres' text of it.
 */

import { parse } from 'postgres-array'

/** `2026-11-20 20:11:15.123+00` is RFC 3339 but for two places. Kept as text: a Date would cost and lose microseconds. */
const rfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`

const asIs = (text: string): string => text

// PostgreSQL, "Arrays: Array Input and Output Syntax".
function literal(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`
  if (value === undefined) throw new TypeError('undefined is no value of Postgres')
  return value === null ? 'null' : `"${String(value).replace(/["\\]/g, '\\$&')}"`
}

/** Given as an array, or as the text that Postgres reads. */
const arrayOf = (oid: number, parseOne: (text: string) => unknown) => ({
  to: oid,
  from: [oid],
  parse: (text: string) => parse(text, parseOne),
  serialize: (values: readonly unknown[] | string) => (typeof values === 'string' ? values : literal(values)),
})

/** By the numbers that Postgres gives its types (pg_type.dat). A page is written by the same rules from its bytes (cells.ts). */
export const postgresTypes = {
  bigint: { to: 20, from: [20], parse: Number, serialize: String },
  timestamptz: { to: 1184, from: [1184], parse: rfc3339, serialize: String },
  booleans: arrayOf(1000, (text) => text === 't'),
  smallints: arrayOf(1005, Number),
  ints: arrayOf(1007, Number),
  bigints: arrayOf(1016, Number),
  reals: arrayOf(1021, Number),
  doubles: arrayOf(1022, Number),
  texts: arrayOf(1009, asIs),
  varchars: arrayOf(1015, asIs),
  numerics: arrayOf(1231, asIs),
  dates: arrayOf(1182, asIs),
  timestamptzs: arrayOf(1185, rfc3339),
  uuids: arrayOf(2951, asIs),
}
