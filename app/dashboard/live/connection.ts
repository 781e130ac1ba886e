/**
 * One event stream that stays: it is opened again when it ends, from where it was, and ends for good when nobody may read it.
 *
 *   connecting --answer 200--> live --broken, or silent--> waiting --> connecting      at once, then slower and slower
 *   live --event `end`: draining, expired--> connecting                                at once: another replica goes on
 *   live --event `end`: revoked; answer 401, 403--> off, unless onRefused says to ask again
 */

import { eventsOf, type StreamEvent } from './event-stream.ts'

export type Connection = 'off' | 'connecting' | 'live' | 'waiting'

export interface ConnectionOptions {
  /** Where to begin. */
  readonly firstEventId?: string
  /** Opens the stream after the event with this id; '' for what comes from now on. */
  readonly open: (lastEventId: string, signal: AbortSignal) => Promise<Response>
  readonly onEvent: (event: StreamEvent) => void
  readonly onState: (state: Connection) => void
  /** The session has ended, or its rights have changed: whether it is worth asking once more. */
  readonly onRefused: () => Promise<boolean>
  /** Resolves after so long, or when the signal says stop. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random?: () => number
  /** A stream that says nothing for so long is dead; it speaks twice a second. */
  readonly silentAfterMs?: number
}

const longestPauseMs = 10_000

/** @returns what ends it */
export function keepOpen(options: ConnectionOptions): () => void {
  const ended = new AbortController()
  run(options, ended.signal)
  return () => ended.abort()
}

async function run(options: ConnectionOptions, signal: AbortSignal): Promise<void> {
  const { firstEventId = '', onState, onRefused, pause, random = Math.random } = options
  let lastEventId = firstEventId
  let failures = 0
  while (!signal.aborted) {
    onState('connecting')
    const { why, wasLive, lastId } = await readOnce(options, lastEventId, signal)
    lastEventId = lastId
    if (signal.aborted) break
    if (why === 'refused') {
      onState('off')
      if (!(await onRefused())) return
    }
    failures = wasLive ? 0 : failures + 1
    // The first try costs nothing and is often right: another replica takes over. Many browsers must not come back as one.
    const limitMs = failures === 0 ? 150 : Math.min(longestPauseMs, 250 * 2 ** failures)
    onState('waiting')
    if (why !== 'draining' && why !== 'expired') await pause(limitMs * random(), signal)
  }
  onState('off')
}

type Why = 'broken' | 'draining' | 'expired' | 'refused'

interface Reading {
  readonly why: Why
  readonly wasLive: boolean
  readonly lastId: string
}

async function readOnce(
  { open, onEvent, onState, silentAfterMs = 3_000 }: ConnectionOptions,
  lastEventId: string,
  signal: AbortSignal,
): Promise<Reading> {
  const attempt = new AbortController()
  const stop = (): void => attempt.abort()
  signal.addEventListener('abort', stop)
  let watchdog = setTimeout(stop, 4 * silentAfterMs)
  const isAlive = (): void => {
    clearTimeout(watchdog)
    watchdog = setTimeout(stop, silentAfterMs)
  }
  let lastId = lastEventId
  let wasLive = false
  const ended = (why: Why): Reading => ({ why, wasLive, lastId })
  try {
    const response = await open(lastEventId, attempt.signal)
    if (response.status === 401 || response.status === 403) return ended('refused')
    if (!response.ok || response.body === null) return ended('broken')
    isAlive()
    onState('live')
    for await (const event of eventsOf(response.body, isAlive)) {
      wasLive = true
      if (event.id !== '') lastId = event.id
      if (event.event === 'end') return ended(reasonOf(event.data))
      onEvent(event)
    }
    return ended('broken')
  } catch {
    return ended('broken')
  } finally {
    clearTimeout(watchdog)
    signal.removeEventListener('abort', stop)
    stop()
  }
}

function reasonOf(data: string): Why {
  const { reason }: { reason?: unknown } = JSON.parse(data)
  if (reason === 'revoked') return 'refused'
  return reason === 'draining' || reason === 'expired' ? reason : 'broken'
}
