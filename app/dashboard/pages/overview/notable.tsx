/** Requests as they end: failed, refused, slow, and a few others. */

import type { RequestEvent } from '#client/index.ts'
import { Status } from '#dashboard/components/badge.tsx'
import { Card } from '#dashboard/components/layout.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { Empty } from '#dashboard/components/states.tsx'
import { TimeOfDay } from '#dashboard/components/time.tsx'
import { useLive } from '#dashboard/live/live.ts'
import { hrefOf } from '#dashboard/shell/location.ts'
import css from './notable.module.css'

const shown = 7

export function Notable() {
  const requests = useLive((live) => live.requests)
  const teller = requests[0]?.instanceId
  return (
    <Card
      title="Requests"
      about={
        <>
          What failed, was refused or slow at {teller ?? 'one replica'}, which this page is connected to, and
          a sample of the rest. <a href={hrefOf('/requests')}>The log</a> has those of all replicas.
        </>
      }
      isFlush
    >
      {requests.length === 0 ? (
        <Empty icon="requests" title="Nothing yet">
          Requests appear here as they end.
        </Empty>
      ) : (
        <ol className={css.list}>
          {requests.slice(0, shown).map((request) => (
            <Line key={request.requestId} request={request} />
          ))}
        </ol>
      )}
    </Card>
  )
}

const Line = ({
  request: { time, method, route, status, ms, instanceId },
}: {
  readonly request: RequestEvent
}) => (
  <li className={css.line}>
    <Status status={status} />
    <code className={css.route}>
      {method} {route}
    </code>
    <span className={css.ms}>{duration(ms)}</span>
    <span className={css.where}>
      {instanceId} · <TimeOfDay time={time} />
    </span>
  </li>
)
