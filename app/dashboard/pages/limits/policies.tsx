/** The quotas, and what they decided since the replicas started. */

import { Card } from '#dashboard/components/layout.tsx'
import { count, share } from '#dashboard/components/numbers.ts'
import { type Column, Table } from '#dashboard/components/table.tsx'
import type { ReportProps } from './report.ts'

interface Row {
  readonly policy: string
  readonly capacity: number
  readonly refillPerSecond: number
  readonly allowed: number
  readonly denied: number
}

const columns: readonly Column<Row>[] = [
  { name: 'Policy', cell: ({ policy }) => policy },
  { name: 'Bucket', isNumber: true, cell: ({ capacity }) => count(capacity) },
  { name: 'Refilled', isNumber: true, cell: ({ refillPerSecond }) => `${count(refillPerSecond)}/s` },
  { name: 'Allowed', isNumber: true, cell: ({ allowed }) => count(allowed) },
  {
    name: 'Refused',
    isNumber: true,
    cell: ({ allowed, denied }) => `${count(denied)} (${share(denied, allowed + denied)})`,
  },
]

export function Policies({ report, error, retry }: ReportProps) {
  const policies = report && [
    ...report.tiers.map(({ tier, ...figures }) => ({ policy: tier, ...figures })),
    ...report.routes.map(({ name, ...figures }) => ({ policy: name, ...figures })),
  ]
  const decided = new Map(report?.decisions.map((decision) => [decision.policy, decision]))
  return (
    <Card
      title="Tiers and routes"
      about={
        report &&
        `Counted by ${report.replicas} ${report.replicas === 1 ? 'replica' : 'replicas'} since the start.`
      }
      isFlush
    >
      <Table
        label="Tiers and routes"
        columns={columns}
        rows={policies?.map((policy) => ({
          ...policy,
          allowed: decided.get(policy.policy)?.allowed ?? 0,
          denied: decided.get(policy.policy)?.denied ?? 0,
        }))}
        keyOf={({ policy }) => policy}
        error={error}
        retry={retry}
        empty={null}
      />
    </Card>
  )
}
