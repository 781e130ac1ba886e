import type { components } from '#client/schema.ts'
import { invalid } from '#dashboard/api/problem.ts'

type Schemas = components['schemas']

export type Item = Schemas['Item']

/** As lists and searches give it; only what was searched for is highlighted. */
export type ListedItem = Item & Partial<Pick<Schemas['FoundItem'], 'highlight'>>

/** "8.90" as 890, "" as null. @throws {Refusal} for what is no amount */
export function centsOf(text: string): number | null {
  if (text === '') return null
  const amount = /^(\d{1,8})(?:[.,](\d{1,2}))?$/.exec(text)
  if (!amount) throw invalid('price', 'An amount such as 8.90, or nothing.')
  const [, whole = '0', part = ''] = amount
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}
