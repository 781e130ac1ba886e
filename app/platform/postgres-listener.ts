/** Hears what is notified on one channel of Postgres, over a connection of its own, and over another when that one breaks. */

import { Connection, type ConnectionOptions, connectionLost } from './postgres-connection.ts'
import { after } from './timers.ts'

export interface Listener {
  /** Resolves while it hears. @throws what `translate` understands; it goes on trying. */
  ready(): Promise<void>
  close(): Promise<void>
}

const shortestPauseMs = 50
const longestPauseMs = 1_000

export function postgresListener(
  channel: string,
  receive: (text: string) => void,
  place: Pick<ConnectionOptions, 'url' | 'socket' | 'settings'>,
): Listener {
  let connection: Connection | undefined
  let hearing: Promise<void> | undefined
  let pauseMs = shortestPauseMs
  let cancel = (): void => {}
  let isClosed = false

  async function begin(): Promise<void> {
    const opened = new Connection({
      ...place,
      onNotice: receive,
      onOver: () => {
        hearing = undefined
        if (isClosed) return
        cancel = after(Math.random() * pauseMs, () => void ready().catch(() => {}))
        pauseMs = Math.min(longestPauseMs, pauseMs * 2)
      },
    })
    connection = opened
    try {
      await opened.run({ text: `listen "${channel}"` }, [])
      pauseMs = shortestPauseMs
    } catch (error) {
      // Open, but deaf: the next one is better.
      await opened.end()
      throw error
    }
  }

  async function ready(): Promise<void> {
    if (isClosed) throw connectionLost()
    cancel()
    hearing ??= begin()
    return hearing
  }

  return {
    ready,
    async close() {
      isClosed = true
      cancel()
      await connection?.end()
    },
  }
}
