/** The system as a map: who speaks to whom, how much, how fast, and who is gone. */

import { Card, Grid, Page } from '#dashboard/components/layout.tsx'
import { ChangeList } from '#dashboard/live/change-list.tsx'
import { useLive } from '#dashboard/live/live.ts'
import { WithPicture } from '#dashboard/live/waiting.tsx'
import { useFilters } from '#dashboard/shell/location.ts'
import { Details } from './details.tsx'
import { NetworkMap } from './network-map.tsx'

export default function Topology() {
  const isConnected = useLive(({ connection }) => connection !== 'waiting')
  const [{ node }, show] = useFilters(['node'])
  return (
    <Page title="Topology" about="Who speaks to whom. Choose a part to see what it does.">
      <WithPicture>
        {(picture) => (
          <>
            <Card isFlush>
              <NetworkMap
                picture={picture}
                isConnected={isConnected}
                selected={node}
                onSelect={(id) => show({ node: id === node ? '' : id })}
              />
            </Card>
            <Grid minWidth="20rem">
              <Details picture={picture} id={node} />
              <ChangeList />
            </Grid>
          </>
        )}
      </WithPicture>
    </Page>
  )
}
