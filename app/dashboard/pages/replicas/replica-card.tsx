import type { ReplicaPicture } from '#client/index.ts'
import { Spark } from '#dashboard/charts/spark.tsx'
import { State } from '#dashboard/components/badge.tsx'
import { Button } from '#dashboard/components/button.tsx'
import { Card, Facts, Figure } from '#dashboard/components/layout.tsx'
import { bytes, count, duration, share } from '#dashboard/components/numbers.ts'
import { Ago } from '#dashboard/components/time.tsx'
import { isAlive, stateTone, stateWord } from '#dashboard/live/figures.ts'
import { useLive } from '#dashboard/live/live.ts'
import { useMay } from '#dashboard/session/session.ts'
import css from './replica-card.module.css'
import { useDrain } from './use-drain.ts'

interface ReplicaCardProps {
  readonly replica: ReplicaPicture
  readonly isLast: boolean
}

export function ReplicaCard({ replica, isLast }: ReplicaCardProps) {
  const { instanceId, state, requestsPerSecond, p99Ms } = replica
  return (
    <Card
      title={instanceId}
      about={<State tone={stateTone[state]}>{stateWord[state]}</State>}
      actions={<DrainButton replica={replica} isLast={isLast} />}
    >
      <div className={css.figures}>
        <div>
          <Figure
            label="Requests"
            value={isAlive(replica) ? count(requestsPerSecond) : '–'}
            unit="a second"
          />
          <Spark values={useHistoryOf(instanceId, (one) => one.requestsPerSecond)} />
        </div>
        <div>
          <Figure label="99th percentile" value={isAlive(replica) ? duration(p99Ms) : '–'} />
          <Spark values={useHistoryOf(instanceId, (one) => one.p99Ms)} colour="--series-2" />
        </div>
      </div>
      <Facts facts={factsOf(replica)} />
    </Card>
  )
}

function DrainButton({ replica: { instanceId, state }, isLast }: ReplicaCardProps) {
  const { drain, undrain, isBusy } = useDrain(instanceId)
  if (!useMay('admin:write')) return null
  if (state === 'draining') {
    return (
      <Button onClick={undrain} isBusy={isBusy} aria-label={`Bring ${instanceId} back`}>
        Bring back
      </Button>
    )
  }
  return (
    <Button
      onClick={drain}
      isBusy={isBusy}
      disabled={state !== 'up' || isLast}
      title={isLast ? 'The last one that serves stays' : undefined}
      aria-label={`Drain ${instanceId}`}
    >
      Drain
    </Button>
  )
}

const factsOf = (replica: ReplicaPicture) =>
  [
    ['In flight', `${count(replica.inFlight)}, ${count(replica.admission.waiting)} waiting`],
    ['Admitted at once', `at most ${count(replica.admission.limit)}`],
    ['Shed since its start', count(replica.admission.shed)],
    ['Event loop delay', duration(replica.eventLoopMs)],
    ['CPU', share(replica.cpuShare, 1)],
    ['Memory', `${bytes(replica.residentBytes)}, heap ${bytes(replica.heapUsedBytes)}`],
    ['Version', replica.version],
    ['Started', <Ago key="started" time={replica.startedAt} />],
  ] as const

/** A figure of one replica over the last two minutes; nothing flows while it is gone. */
const useHistoryOf = (id: string, figure: (replica: ReplicaPicture) => number): readonly number[] =>
  useLive((live) => live.history).map(({ replicas }) => {
    const replica = replicas.find(({ instanceId }) => instanceId === id)
    return replica && isAlive(replica) ? figure(replica) : 0
  })
