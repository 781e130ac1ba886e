/** Many requests at once with a key that may make a few a minute: what the limiter lets through. */

import { answered, api } from '#dashboard/api/api.ts'

export interface BurstOutcome {
  readonly allowed: number
  readonly refused: number
  readonly failed: number
  /** As the last refusal said. */
  readonly retryAfterSeconds: number | undefined
}

export const burstLimitPerMinute = 60

const atOnce = 20
const none: BurstOutcome = { allowed: 0, refused: 0, failed: 0, retryAfterSeconds: undefined }

/** A key of its own, ended afterwards, so that nobody's quota is spent by an experiment. */
export async function burst(requests: number): Promise<BurstOutcome> {
  const body = { name: 'Experiment: a burst', limitPerMinute: burstLimitPerMinute }
  const { id, key } = await answered(api.POST('/api/v1/api-keys', { body }))
  let outcome = none
  let left = requests
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const response = await send(key)
      outcome = added(outcome, response)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
    return outcome
  } finally {
    await answered(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }))
  }
}

// Not as whoever is signed in: the key is the credential.
const send = (key: string): Promise<Response | undefined> =>
  fetch('/api/v1/status', { cache: 'no-store', headers: { 'x-api-key': key } }).catch(() => undefined)

function added(outcome: BurstOutcome, response: Response | undefined): BurstOutcome {
  if (response?.status === 429) {
    return {
      ...outcome,
      refused: outcome.refused + 1,
      retryAfterSeconds: Number(response.headers.get('retry-after')),
    }
  }
  return response?.ok
    ? { ...outcome, allowed: outcome.allowed + 1 }
    : { ...outcome, failed: outcome.failed + 1 }
}
