import type { CacheReport } from '#client/index.ts'
import { Card } from '#dashboard/components/layout.tsx'
import { bytes, count, share } from '#dashboard/components/numbers.ts'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'

type Kind = CacheReport['kinds'][string] & { readonly kind: string }

const columns: readonly Column<Kind>[] = [
  { name: 'Kind', cell: ({ kind }) => kind },
  {
    name: 'Hit ratio',
    isNumber: true,
    cell: ({ hit, stale, miss }) => share(hit + stale, hit + stale + miss),
  },
  { name: 'Hits', isNumber: true, cell: ({ hit }) => count(hit) },
  { name: 'Misses', isNumber: true, cell: ({ miss }) => count(miss) },
  { name: 'Stale', isNumber: true, cell: ({ stale }) => count(stale) },
  { name: 'Shared a load', isNumber: true, cell: ({ coalesced }) => count(coalesced) },
  { name: 'Answers', isNumber: true, cell: ({ entries }) => count(entries) },
  { name: 'Memory', isNumber: true, cell: (kind) => bytes(kind.bytes) },
]

interface KindsProps {
  readonly report: CacheReport | undefined
  readonly error: unknown
  readonly retry: () => void
}

export const Kinds = ({ report, error, retry }: KindsProps) => (
  <Card title="By kind" about={report && `Of ${report.instanceId}, the replica that answered.`} isFlush>
    <Table
      label="Cached answers by kind"
      columns={columns}
      rows={report && Object.entries(report.kinds).map(([kind, stats]) => ({ kind, ...stats }))}
      keyOf={({ kind }) => kind}
      error={error}
      retry={retry}
      empty={<Empty icon="cache" title="Nothing is cached yet" />}
    />
  </Card>
)
