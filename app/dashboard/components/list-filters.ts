/** The filters of a list: what their fields show, what is asked for, and the orders and owners that lists share. */

import type { ChangeEvent } from 'react'
import { useFilters } from '#dashboard/shell/location.ts'
import { useDebounced } from './debounced.ts'

interface Names<Typed extends string, Chosen extends string> {
  /** Asked for once typing has paused. */
  readonly typed: readonly Typed[]
  /** Asked for at once. */
  readonly chosen: readonly Chosen[]
}

interface Control {
  readonly value: string
  readonly onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) => void
}

/**
 * @returns what to ask for, and what joins a field to the filter of a name
 * @example const [asked, control] = useListFilters({ typed: ['email'], chosen: ['role'] })
 */
export function useListFilters<Typed extends string, Chosen extends string>({
  typed,
  chosen,
}: Names<Typed, Chosen>): readonly [
  asked: Readonly<Record<Typed | Chosen, string>>,
  control: (name: Typed | Chosen) => Control,
] {
  const [shown, change] = useFilters<Typed | Chosen>([...typed, ...chosen])
  // As one text: another object with the same words in it would be another value.
  const words = useDebounced(JSON.stringify(typed.map((name) => [name, shown[name].trim()])))
  return [
    { ...shown, ...Object.fromEntries(JSON.parse(words)) },
    (name) => ({
      value: shown[name],
      onChange: ({ target }) => change({ [name]: target.value } as Partial<Record<Typed | Chosen, string>>),
    }),
  ]
}

/** The orders of a list whose rows are called by this field; nothing chosen is the newest first. */
export const ordersBy = <Name extends string>(name: Name, label: string) =>
  [
    { value: '', label: 'Newest first' },
    { value: 'createdAt', label: 'Oldest first' },
    { value: name, label: `${label}, A to Z` },
    { value: `-${name}`, label: `${label}, Z to A` },
  ] as const

export type Order<Name extends string> = 'createdAt' | '-createdAt' | Name | `-${Name}`

export const orderOf = <Name extends string>(chosen: string): Order<Name> =>
  (chosen || '-createdAt') as Order<Name>

export const owners = [
  { value: '', label: 'Everybody’s' },
  { value: 'mine', label: 'Mine' },
] as const
