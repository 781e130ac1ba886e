/** `?fields=a,b` thins an answer to the members named; of a list, each of its things. */

import type { Representation } from '#kernel/representation.ts'
import { represented } from './representation.ts'

export function thin(representation: Representation, fields: string): Representation {
  const names = new Set(fields.split(',').map((name) => name.trim()))
  const pick = (thing: object): object =>
    Object.fromEntries(Object.entries(thing).filter(([name]) => names.has(name)))
  const whole: { data?: unknown } & object = JSON.parse(representation.body.toString())
  const isList = Array.isArray(whole.data) && 'pagination' in whole
  const thinned = isList ? { ...whole, data: (whole.data as object[]).map(pick) } : pick(whole)
  return represented(JSON.stringify(thinned))
}
