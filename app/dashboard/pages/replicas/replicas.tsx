/** Every replica: what it does now, what it did, and taking one out and back in. */

import { Card, Grid, Page } from '#dashboard/components/layout.tsx'
import { Empty } from '#dashboard/components/states.tsx'
import { ChangeList } from '#dashboard/live/change-list.tsx'
import { WithPicture } from '#dashboard/live/waiting.tsx'
import { LogLevelCard } from './log-level.tsx'
import { ReplicaCard } from './replica-card.tsx'

export default function Replicas() {
  return (
    <Page
      title="Replicas"
      about="A drained replica answers what it has and is sent nothing more; no request is lost."
    >
      <WithPicture>
        {({ replicas }) => (
          <>
            {replicas.length === 0 && (
              <Card>
                <Empty icon="replicas" title="No replica has reported yet" />
              </Card>
            )}
            <Grid minWidth="16rem">
              {replicas.map((replica) => (
                <ReplicaCard
                  key={replica.instanceId}
                  replica={replica}
                  isLast={isLast(replicas, replica.instanceId)}
                />
              ))}
            </Grid>
            <Grid minWidth="20rem">
              <ChangeList />
              <LogLevelCard />
            </Grid>
          </>
        )}
      </WithPicture>
    </Page>
  )
}

/** Whether nobody else would serve: the API refuses to drain that one. */
const isLast = (replicas: readonly { instanceId: string; state: string }[], id: string): boolean =>
  !replicas.some(({ instanceId, state }) => instanceId !== id && state === 'up')
