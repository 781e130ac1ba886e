import { TextField } from '#dashboard/components/field.tsx'
import { duration } from '#dashboard/components/numbers.ts'
import { cutRedis } from './breakages.ts'
import { ExperimentCard } from './experiment-card.tsx'
import { untilPicture } from './until.ts'

export const CutRedis = () => (
  <ExperimentCard
    title="Redis goes away"
    about="Every replica loses its connections to Redis for a moment, as a broken network would have it."
    promise="P6"
    holds="No request stalls for it and none fails; limits go on locally, reads come from Postgres, and all recovers."
    verb="Cut the link"
    run={async (values, say) => {
      const seconds = Number(values.get('seconds'))
      const back = untilPicture(
        ({ replicas }) => replicas.every(({ redis }) => redis.isUp),
        (seconds + 20) * 1_000,
      )
      const cut = untilPicture(({ replicas }) => replicas.some(({ redis }) => !redis.isUp), seconds * 1_000)
      await cutRedis(seconds)
      say(`The link is cut for ${seconds} s.`)
      const seen = await cut
      if (seen !== undefined) say(`Seen after ${duration(seen)}.`)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
      const recovered = await back
      say(
        recovered === undefined ? 'It did not come back within 20 s.' : 'Every replica reaches Redis again.',
      )
    }}
  >
    <TextField label="Seconds" name="seconds" type="number" min={1} max={15} defaultValue={5} required />
  </ExperimentCard>
)
