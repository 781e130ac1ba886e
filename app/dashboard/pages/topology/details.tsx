/** What the chosen part does, in figures. */

import type { ReactNode } from 'react'
import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import { State } from '#dashboard/components/badge.tsx'
import { Card, Facts } from '#dashboard/components/layout.tsx'
import { bytes, count, duration, share } from '#dashboard/components/numbers.ts'
import { Ago } from '#dashboard/components/time.tsx'
import { keptBack, stateTone, stateWord, storeFigures, tierOf } from '#dashboard/live/figures.ts'

type FactList = readonly (readonly [string, ReactNode])[]

export function Details({ picture, id }: { readonly picture: SystemPicture; readonly id: string }) {
  const replica = picture.replicas.find(({ instanceId }) => instanceId === id)
  if (replica) {
    return (
      <Card title={replica.instanceId}>
        <Facts facts={replicaFacts(replica)} />
      </Card>
    )
  }
  if (id === 'redis' || id === 'postgres') {
    return (
      <Card title={id === 'redis' ? 'Redis' : 'Postgres'}>
        <Facts facts={storeFacts(picture, id)} />
      </Card>
    )
  }
  if (id === 'gateway' || id === 'balancer') {
    return (
      <Card title={id === 'gateway' ? 'Gateway' : 'Balancer'}>
        <Facts facts={tierFacts(picture, id)} />
      </Card>
    )
  }
  return (
    <Card title="Together">
      <Facts facts={totalFacts(picture)} />
    </Card>
  )
}

const replicaFacts = (replica: ReplicaPicture): FactList => [
  [
    'State',
    <State key="state" tone={stateTone[replica.state]}>
      {stateWord[replica.state]}
    </State>,
  ],
  ['Version', replica.version],
  ['Started', <Ago key="started" time={replica.startedAt} />],
  ['Requests', `${count(replica.requestsPerSecond)} a second, ${count(replica.inFlight)} in flight`],
  ['Median, 99th percentile', `${duration(replica.p50Ms)}, ${duration(replica.p99Ms)}`],
  [
    'Admitted at once',
    `${replica.admission.running} of ${replica.admission.limit}, ${replica.admission.waiting} waiting`,
  ],
  ['Event loop delay', duration(replica.eventLoopMs)],
  ['CPU', share(replica.cpuShare, 1)],
  ['Memory', `${bytes(replica.residentBytes)}, heap ${bytes(replica.heapUsedBytes)}`],
]

function storeFacts(picture: SystemPicture, name: 'redis' | 'postgres'): FactList {
  const { isUp, callsPerSecond, errorsPerSecond, p99Ms } = storeFigures(picture, name)
  return [
    [
      'State',
      <State key="state" tone={isUp ? 'good' : 'bad'}>
        {isUp ? 'Up' : 'Not reached'}
      </State>,
    ],
    [name === 'redis' ? 'Commands' : 'Queries', `${count(callsPerSecond)} a second`],
    ['Errors', `${count(errorsPerSecond)} a second`],
    ['99th percentile', duration(p99Ms)],
    ...(name === 'postgres'
      ? picture.replicas.map(
          ({ instanceId, postgres }) => [`Connections of ${instanceId}`, `${postgres.inUse} in use`] as const,
        )
      : []),
  ]
}

function tierFacts(picture: SystemPicture, name: 'gateway' | 'balancer'): FactList {
  const tier = tierOf(picture, name)
  if (!tier?.isUp) return [['Status', 'No replica could ask nginx for it']]
  const { byGateway, byBalancer } = keptBack(picture)
  return [
    ['Requests', `${count(tier.requestsPerSecond)} a second`],
    name === 'gateway'
      ? ['Not passed on', `${count(byGateway)} a second: refused here, or a file of the dashboard`]
      : ['No replica saw', `about ${count(byBalancer)} a second: refused here, failed, or a probe`],
    ['Connections', `${count(tier.connections)} open`],
    ['Dropped connections', `${count(tier.droppedPerSecond)} a second`],
  ]
}

const totalFacts = ({ totals }: SystemPicture): FactList => [
  ['Requests', `${count(totals.requestsPerSecond)} a second`],
  ['Errors', `${count(totals.errorsPerSecond)} a second`],
  ['Refused', `${count(totals.rejectedPerSecond)} a second`],
  ['Median', duration(totals.p50Ms)],
  ['99th percentile', duration(totals.p99Ms)],
]
