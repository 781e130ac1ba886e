/**
 * The way round for a writer whose Redis is away: LISTEN and NOTIFY, which every replica that can write anything hears.
 * A writer announces names, whoever has invalidated them says "done"; a "probe" is sent to oneself. Postgres
 * delivers in the order of commits, so when the probe is back, everything announced before it has come too.
 */

import type postgres from 'postgres'
import { type Detour, EVERYTHING } from '#kernel/coherence/coherence.ts'
import { within } from './within.ts'

export interface AnnouncementOptions {
  readonly sql: postgres.Sql
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
  const { sql, id, channel = 'sluice_cache', timeoutMs = 400 } = options
  const waiting = new Map<string, () => void>()
  let relay: (names: readonly string[]) => Promise<void> = async () => {}
  let notices = 0

  const notify = async (notice: Notice): Promise<void> => {
    await sql`select pg_notify(${channel}, ${JSON.stringify(notice)})`
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

  let listening: Promise<postgres.ListenMeta> | undefined

  // postgres.js listens again by itself when the connection broke, but not when the first attempt failed.
  function listen(): Promise<postgres.ListenMeta> {
    listening ??= sql.listen(channel, receive).catch((failure) => {
      listening = undefined
      throw failure
    })
    return listening
  }

  async function awaited(noticeOf: (notice: string) => Notice): Promise<void> {
    notices += 1
    const notice = `${id}.${notices}`
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.set(notice, resolve)
    try {
      await within(
        timeoutMs,
        'Postgres',
        listen().then(() => notify(noticeOf(notice))),
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
      // A replica that cannot listen yet does so when it asks for what it missed.
      listen().catch(() => {})
    },
    async close() {
      // One that could not listen has nothing to give back.
      const heard = await listening?.catch(() => undefined)
      await heard?.unlisten()
    },
  }
}
