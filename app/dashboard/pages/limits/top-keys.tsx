/** Who spends most: how much, and how much is left of their bucket. */

import type { RateLimitReport } from '#client/index.ts'
import { Card } from '#dashboard/components/layout.tsx'
import { count } from '#dashboard/components/numbers.ts'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import type { ReportProps } from './report.ts'
import css from './top-keys.module.css'

type Use = RateLimitReport['topKeys'][number] & { readonly capacity: number }

const columns: readonly Column<Use>[] = [
  { name: 'Who', cell: ({ key }) => <code>{key}</code> },
  { name: 'Policy', cell: ({ policy }) => policy },
  { name: 'Spent', isNumber: true, cell: ({ spent }) => count(spent) },
  {
    name: 'Left',
    isNumber: true,
    cell: ({ remaining, capacity }) => <Left remaining={remaining} capacity={capacity} />,
  },
]

function Left({ remaining, capacity }: Pick<Use, 'remaining' | 'capacity'>) {
  const left = Math.max(0, remaining)
  return (
    <span className={css.left}>
      {count(left)}
      {capacity > 0 && (
        <meter
          min={0}
          max={capacity}
          low={capacity * 0.1}
          optimum={capacity}
          value={left}
          aria-label={`${count(left)} of ${count(capacity)} left`}
        />
      )}
    </span>
  )
}

export function TopKeys({ report, error, retry }: ReportProps) {
  const capacities = new Map([
    ...(report?.tiers ?? []).map(({ tier, capacity }) => [tier, capacity] as const),
    ...(report?.routes ?? []).map(({ name, capacity }) => [name, capacity] as const),
  ])
  return (
    <Card title="Who spends most" about="Since each was last idle." isFlush>
      <Table
        label="Who spends most"
        columns={columns}
        rows={report?.topKeys.map((use) => ({ ...use, capacity: capacities.get(use.policy) ?? 0 }))}
        keyOf={({ key, policy }) => `${policy} ${key}`}
        error={error}
        retry={retry}
        empty={<Empty icon="limits" title="Nobody has spent anything yet" />}
      />
    </Card>
  )
}
