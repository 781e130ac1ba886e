/** How the system is doing, at a glance and over the last two minutes. */

import { Figure, Figures, Grid, Page } from '#dashboard/components/layout.tsx'
import { count, duration, share } from '#dashboard/components/numbers.ts'
import { greatest, sumOf } from '#dashboard/live/figures.ts'
import { WithPicture } from '#dashboard/live/waiting.tsx'
import { Charts } from './charts.tsx'
import { Contents } from './contents.tsx'
import { Notable } from './notable.tsx'
import { Parts } from './parts.tsx'

export default function Overview() {
  return (
    <Page title="Overview" about="Everything the gateway lets through, as it happens.">
      <WithPicture>
        {(picture) => {
          const { requestsPerSecond, errorsPerSecond, rejectedPerSecond, p50Ms, p99Ms } = picture.totals
          const waiting = sumOf(picture, ({ admission }) => admission.waiting)
          return (
            <>
              <Figures>
                <Figure label="Requests" value={count(requestsPerSecond)} unit="a second" />
                <Figure
                  label="Errors"
                  value={count(errorsPerSecond)}
                  unit="a second"
                  note={`${share(errorsPerSecond, requestsPerSecond)} of all`}
                  {...(errorsPerSecond > 0 && { tone: 'bad' })}
                />
                <Figure
                  label="Refused"
                  value={count(rejectedPerSecond)}
                  unit="a second"
                  note="a quota is spent, or too much at once"
                  {...(rejectedPerSecond > 0 && { tone: 'warn' })}
                />
                <Figure label="Median" value={duration(p50Ms)} />
                <Figure label="99th percentile" value={duration(p99Ms)} />
                <Figure
                  label="In flight"
                  value={count(sumOf(picture, ({ inFlight }) => inFlight))}
                  note={
                    waiting > 0
                      ? `${count(waiting)} waiting`
                      : `event loop ${duration(greatest(picture, ({ eventLoopMs }) => eventLoopMs))}`
                  }
                />
              </Figures>
              <Charts />
              <Grid minWidth="28rem">
                <Parts picture={picture} />
                <Notable />
              </Grid>
              <Contents />
            </>
          )
        }}
      </WithPicture>
    </Page>
  )
}
