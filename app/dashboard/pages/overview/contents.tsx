/** What the system holds: people, resources, items, sessions. Asked now and then, since it changes slowly. */

import { useQuery } from '@tanstack/react-query'
import { answered, api } from '#dashboard/api/api.ts'
import { Figure, Figures } from '#dashboard/components/layout.tsx'
import { count } from '#dashboard/components/numbers.ts'

const names = {
  users: 'Accounts',
  resources: 'Resources',
  items: 'Items',
  sessions: 'Open sessions',
} as const

export function Contents() {
  const { data } = useQuery({
    queryKey: ['dashboard'],
    queryFn: () => answered(api.GET('/api/v1/admin/dashboard')),
  })
  const totals = (data?.totals ?? {}) as Partial<Record<keyof typeof names, number>>
  return (
    <Figures>
      {Object.entries(names).map(([key, name]) => {
        const value = totals[key as keyof typeof names]
        return <Figure key={key} label={name} value={value === undefined ? '–' : count(value)} />
      })}
    </Figures>
  )
}
