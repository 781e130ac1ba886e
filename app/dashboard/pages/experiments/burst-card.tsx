import { TextField } from '#dashboard/components/field.tsx'
import { burst, burstLimitPerMinute } from './burst.ts'
import { ExperimentCard } from './experiment-card.tsx'

export const Burst = () => (
  <ExperimentCard
    title="A burst"
    about={`Many requests at once with a key that may make ${burstLimitPerMinute} a minute.`}
    promise="P2"
    holds="All replicas together let no more through than the bucket holds."
    verb="Send them"
    run={async (values, say) => {
      const requests = Number(values.get('requests'))
      const { allowed, refused, failed, retryAfterSeconds } = await burst(requests)
      say(`${allowed} of ${requests} were answered, ${refused} refused with 429.`)
      if (retryAfterSeconds !== undefined) say(`The last refusal said: again in ${retryAfterSeconds} s.`)
      if (failed > 0) say(`${failed} failed in another way.`)
    }}
  >
    <TextField label="Requests" name="requests" type="number" min={1} max={500} defaultValue={200} required />
  </ExperimentCard>
)
