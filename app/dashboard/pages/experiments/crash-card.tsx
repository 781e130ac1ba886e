import { SelectField } from '#dashboard/components/field.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { useLive } from '#dashboard/live/live.ts'
import { crash } from './breakages.ts'
import { ExperimentCard } from './experiment-card.tsx'
import { untilPicture } from './until.ts'

export function Crash() {
  // The names alone: figures change twice a second, and a list that is open must not be drawn anew.
  const names = useLive(({ picture }) => picture?.replicas.map(({ instanceId }) => instanceId).join() ?? '')
  return (
    <ExperimentCard
      title="A replica dies"
      about="It kills itself as kill -9 does, with whatever it was doing."
      promise="P4"
      holds="No safe request fails; it is seen gone within two seconds, and starts again by itself."
      verb="Kill it"
      run={(values, say) => killAndWatch(String(values.get('replica')), say)}
    >
      <SelectField
        label="Replica"
        name="replica"
        options={names.split(',').map((name) => ({ value: name, label: name }))}
      />
    </ExperimentCard>
  )
}

async function killAndWatch(id: string, say: (line: string) => void): Promise<void> {
  const startBefore = useLive
    .getState()
    .picture?.replicas.find(({ instanceId }) => instanceId === id)?.startedAt
  const gone = untilPicture(({ replicas }) => {
    const replica = replicas.find(({ instanceId }) => instanceId === id)
    return replica === undefined || replica.state !== 'up' || replica.startedAt !== startBefore
  })
  const back = untilPicture(({ replicas }) =>
    replicas.some(
      ({ instanceId, state, startedAt }) => instanceId === id && state === 'up' && startedAt !== startBefore,
    ),
  )
  await crash(id)
  say(`${id} was told to kill itself.`)
  say(toldIn(await gone, 'Seen gone', 'It was not seen to go'))
  say(toldIn(await back, 'Serving again', 'It did not come back'))
}

const toldIn = (ms: number | undefined, done: string, otherwise: string): string =>
  ms === undefined ? `${otherwise} within 30 s.` : `${done} after ${duration(ms)}.`
