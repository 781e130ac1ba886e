/**
 * The way round for a writer whose Redis is away: LISTEN and NOTIFY, which every replica that can write anything hears.
 * A writer announces names, whoever has invalidated them says "done"; a "probe" is sent to oneself. Postgres
 * delivers in the order of commits, so when the probe is back, everything announced before it has come too.
 */

import { type Detour, EVERYTHING } from '#kernel/coherence/coherence.ts'
import type { Postgres } from './postgres.ts'
import { within } from './within.ts'

export interface AnnouncementOptions {
  readonly postgres: Pick<Postgres, 'text' | 'listen'>
  /** Unique to this start of this replica. */
  readonly id: string
  readonly channel?: string
  /** Longest wait for another replica, or for a probe. */
  readonly timeoutMs?: number
}

/** NOTIFY takes 8,000 bytes at most. */
const MAX_BYTES = 7_500

type Notice =
  | readonly ['announced', notice: string, from: string, names: readonly string[]]
  | readonly ['done' | 'probe', notice: string]

export function postgresAnnouncements(options: AnnouncementOptions): Detour & { close(): Promise<void> } {
  const { postgres, id, channel = 'sluice_cache', timeoutMs = 400 } = options
  const waiting = new Map<string, () => void>()
  let relay: (names: readonly string[]) => Promise<void> = async () => {}
  let notices = 0

  const notify = async (notice: Notice): Promise<void> => {
    await postgres.text('select pg_notify($1, $2)', [channel, JSON.stringify(notice)])
  }

  const receive = (text: string): void => {
    const notice = JSON.parse(text) as Notice
    if (notice[0] !== 'announced') waiting.get(notice[1])?.()
    else if (notice[2] !== id) {
      relay(notice[3])
        .then(() => notify(['done', notice[1]]))
        // Then another replica says so, or the writer outwaits every lease.
        .catch(() => {})
    }
  }

  const listener = postgres.listen(channel, receive)

  async function awaited(noticeOf: (notice: string) => Notice): Promise<void> {
    notices += 1
    const notice = `${id}.${notices}`
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.set(notice, resolve)
    try {
      await within(
        timeoutMs,
        'Postgres',
        listener.ready().then(() => notify(noticeOf(notice))),
      )
      await within(timeoutMs, 'The announcement', promise)
    } finally {
      waiting.delete(notice)
    }
  }

  return {
    async announce(names) {
      // Too much for one notification: everything, which is always right and rarely needed.
      const fits = Buffer.byteLength(JSON.stringify(names)) <= MAX_BYTES
      await awaited((notice) => ['announced', notice, id, fits ? names : [EVERYTHING]])
    },
    catchUp: () => awaited((notice) => ['probe', notice]),
    onAnnounced(given) {
      relay = given
      // A replica that cannot listen yet does so as soon as it can.
      listener.ready().catch(() => {})
    },
    close: () => listener.close(),
  }
}
