/** Each process and what it does, one line each. */

import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import { State } from '#dashboard/components/badge.tsx'
import { ButtonLink } from '#dashboard/components/button.tsx'
import { Card } from '#dashboard/components/layout.tsx'
import { bytes, count, duration } from '#dashboard/components/numbers.ts'
import { Empty } from '#dashboard/components/states.tsx'
import { type Column, Table } from '#dashboard/components/table.tsx'
import { isAlive, type StoreFigures, stateTone, stateWord, storeFigures } from '#dashboard/live/figures.ts'
import { hrefOf } from '#dashboard/shell/location.ts'

const ifAlive = (figure: (replica: ReplicaPicture) => string) => (replica: ReplicaPicture) =>
  isAlive(replica) ? figure(replica) : '–'

const columns: readonly Column<ReplicaPicture>[] = [
  { name: 'Replica', cell: ({ instanceId }) => instanceId },
  { name: 'State', cell: ({ state }) => <State tone={stateTone[state]}>{stateWord[state]}</State> },
  { name: 'Requests/s', isNumber: true, cell: ifAlive(({ requestsPerSecond }) => count(requestsPerSecond)) },
  { name: 'p99', isNumber: true, cell: ifAlive(({ p99Ms }) => duration(p99Ms)) },
  { name: 'Memory', isNumber: true, cell: ifAlive(({ residentBytes }) => bytes(residentBytes)) },
]

const stores = [
  ['redis', 'Redis'],
  ['postgres', 'Postgres'],
] as const

type Store = StoreFigures & { readonly title: string }

const storeColumns: readonly Column<Store>[] = [
  { name: 'Store', cell: ({ title }) => title },
  {
    name: 'State',
    cell: ({ isUp }) => <State tone={isUp ? 'good' : 'bad'}>{isUp ? 'Up' : 'Not reached'}</State>,
  },
  { name: 'Calls/s', isNumber: true, cell: ({ callsPerSecond }) => count(callsPerSecond) },
  { name: 'p99', isNumber: true, cell: ({ p99Ms }) => duration(p99Ms) },
  { name: 'Errors/s', isNumber: true, cell: ({ errorsPerSecond }) => count(errorsPerSecond) },
]

export const Parts = ({ picture }: { readonly picture: SystemPicture }) => (
  <Card
    title="Replicas"
    isFlush
    actions={
      <ButtonLink href={hrefOf('/replicas')} look="quiet">
        All figures
      </ButtonLink>
    }
  >
    <Table
      label="Replicas"
      columns={columns}
      rows={picture.replicas}
      keyOf={({ instanceId }) => instanceId}
      empty={<Empty icon="replicas" title="No replica has reported yet" />}
    />
    <Table
      label="What the replicas stand on"
      columns={storeColumns}
      rows={stores.map(([name, title]) => ({ title, ...storeFigures(picture, name) }))}
      keyOf={({ title }) => title}
      empty={null}
    />
  </Card>
)
