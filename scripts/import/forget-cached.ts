/** Tells the replicas that rows were added: joins their invalidation bus for a moment, as a replica that writes does. */

import { randomBytes } from 'node:crypto'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import type { Postgres } from '#platform/postgres.ts'
import { postgresAnnouncements } from '#platform/postgres-announcements.ts'
import { openRedis } from '#platform/redis.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { after, monotonicMs } from '#platform/timers.ts'

export interface Bus {
  readonly url: string
  readonly prefix: string
  readonly timeoutMs: number
}

const patienceMs = 3_000

/**
 * Settles when no replica serves what the names held before. False: Redis did not answer, and they were told through
 * Postgres; who was cut off from both may serve it until its time to live ends.
 */
export async function forgetCached(names: readonly string[], postgres: Postgres, bus: Bus): Promise<boolean> {
  const id = `import.${randomBytes(6).toString('base64url')}`
  const commands = openRedis({ ...bus, name: id })
  const subscriber = openRedis({ ...bus, name: `${id}-subscriber` })
  const announcements = postgresAnnouncements({ postgres, id })
  const coherence = openCoherence({
    id,
    bus: redisBus({ ...bus, commands, subscriber }),
    detour: announcements,
    now: monotonicMs,
    after,
    defer: setImmediate,
  })
  const inTouch = Promise.withResolvers<boolean>()
  // Told just before trust begins.
  coherence.onInvalidate(() => setImmediate(() => coherence.isTrusted() && inTouch.resolve(true)))
  const cancel = after(patienceMs, () => inTouch.resolve(false))
  await coherence.start()
  // A writer that ends right afterwards cannot make up for a message that was not sent: first be in touch.
  const isReached = await inTouch.promise
  cancel()
  await coherence.invalidate(names)
  await coherence.close()
  await announcements.close()
  commands.disconnect()
  subscriber.disconnect()
  return isReached
}

/** Many rows are forgotten one by one; too many to name, everything. "Does not exist" may be remembered of each. */
export const namesOf = (
  key: string,
  tag: string,
  { first, last }: { first: number; last: number },
): string[] =>
  last - first < 1_000
    ? [tag, ...Array.from({ length: last - first + 1 }, (_, index) => `${key}:${first + index}`)]
    : [EVERYTHING]
