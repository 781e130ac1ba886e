/** One safe request after another while something is broken: what a client sees of it. */

import { authorizedFetch } from '#dashboard/api/authorized-fetch.ts'

export interface Seen {
  readonly answered: number
  readonly failed: number
  readonly slowestMs: number
  /** Which replicas answered. */
  readonly replicas: ReadonlySet<string>
}

export const nothingSeen: Seen = { answered: 0, failed: 0, slowestMs: 0, replicas: new Set() }

const everyMs = 200

/**
 * Reads one public resource again and again, and tells what came of it after each.
 * @returns what ends it
 */
export function startProbe(tell: (seen: Seen) => void): () => void {
  let seen = nothingSeen
  const timer = setInterval(async () => {
    const startedAt = performance.now()
    const response = await authorizedFetch(new Request('/api/v1/resources/1', { cache: 'no-store' })).catch(
      () => undefined,
    )
    const replica = response?.headers.get('x-served-by')
    const isAnswered = response !== undefined && response.status < 500
    seen = {
      answered: seen.answered + (isAnswered ? 1 : 0),
      failed: seen.failed + (isAnswered ? 0 : 1),
      slowestMs: Math.max(seen.slowestMs, performance.now() - startedAt),
      replicas: replica ? new Set([...seen.replicas, replica]) : seen.replicas,
    }
    tell(seen)
  }, everyMs)
  return () => clearInterval(timer)
}
