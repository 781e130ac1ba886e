/** What the system holds: people, resources, items, sessions. Asked now and then, since it changes slowly. */

import { useQuery } from '@tanstack/react-query'
import { systemQuery } from '#dashboard/api/system-query.ts'
import { Figure, Figures } from '#dashboard/components/layout.tsx'
import { count } from '#dashboard/components/numbers.ts'

const names = [
  ['users', 'Accounts'],
  ['resources', 'Resources'],
  ['items', 'Items'],
  ['sessions', 'Open sessions'],
] as const

export function Contents() {
  const { data } = useQuery(systemQuery)
  return (
    <Figures>
      {names.map(([key, name]) => (
        <Figure key={key} label={name} value={data === undefined ? '–' : count(data.totals[key])} />
      ))}
    </Figures>
  )
}
