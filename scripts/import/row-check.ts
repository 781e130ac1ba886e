/** Judges a row by the schema that the API applies to a body, in words with the member first. */

import type { ErrorObject } from 'ajv'
import type { TObject } from 'typebox'
import { unstorable } from '#http/json-body.ts'
import { bodyRules } from '#http/validation.ts'
import type { CellTypes } from './records.ts'

/** What is wrong with a row; nothing when it is right. */
export type RowCheck = (row: Readonly<Record<string, unknown>>) => string[]

export function rowCheck(schema: TObject): RowCheck {
  const isValid = bodyRules().compile(schema)
  return (row) => {
    if (!isValid(row)) return [...new Set((isValid.errors ?? []).map(inWords))]
    const path = unstorable(row, [])
    return path === undefined ? [] : [`${path} holds a character that cannot be stored`]
  }
}

function inWords({ instancePath, message = 'does not fit', params, keyword }: ErrorObject): string {
  const member = instancePath.slice(1).replaceAll('/', '.')
  // A pattern says nothing to a person.
  if (keyword === 'pattern') return `${member} holds a character it may not hold, or none that shows`
  if ('additionalProperty' in params) return `${member}${params.additionalProperty} is not a member`
  const allowed = 'allowedValues' in params ? `: ${params.allowedValues.join(', ')}` : ''
  return `${member} ${message}${allowed}`.trim()
}

export function cellTypes(schema: TObject): CellTypes {
  const typesOf = ({ type }: { type?: string | readonly string[] }) =>
    type === undefined ? [] : [type].flat()
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, member]) => [name, typesOf(member as object)]),
  )
}
