import { TextField } from '#dashboard/components/field.tsx'
import { flood } from './breakages.ts'
import { ExperimentCard } from './experiment-card.tsx'

export const Flood = () => (
  <ExperimentCard
    title="A queue is flooded"
    about="Artificial work of the lowest priority fills the admission queue of one replica."
    promise="P9"
    holds="Health, admins and paying tiers go first; what cannot be answered in time is refused at once."
    verb="Flood it"
    run={async (values, say) => {
      const requests = Number(values.get('requests'))
      const holdMs = Number(values.get('holdMs'))
      await flood(requests, holdMs)
      say(`${requests} pieces of work of ${holdMs} ms each were put into the queue.`)
      await new Promise((resolve) => setTimeout(resolve, 5_000))
    }}
  >
    <TextField
      label="Pieces of work"
      name="requests"
      type="number"
      min={1}
      max={500}
      defaultValue={300}
      required
    />
    <TextField
      label="Milliseconds each"
      name="holdMs"
      type="number"
      min={1}
      max={500}
      defaultValue={200}
      required
    />
  </ExperimentCard>
)
