/** The live state of the system for every page: one stream for the whole dashboard, two minutes of history. */

import { useEffect } from 'react'
import { create } from 'zustand'
import type { RequestEvent, SystemPicture } from '#client/index.ts'
import { authorizedFetch } from '#dashboard/api/authorized-fetch.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { reloadMe } from '#dashboard/session/session.ts'
import { refresh } from '#dashboard/session/tokens.ts'
import { type Change, changesBetween } from './changes.ts'
import { type Connection, keepOpen } from './connection.ts'
import type { StreamEvent } from './event-stream.ts'
import { useIsLookedAt } from './is-looked-at.ts'

const historyMs = 120_000
const requestsKept = 100
const changesKept = 30

interface Live {
  readonly connection: Connection
  /** The latest; undefined before the first. */
  readonly picture: SystemPicture | undefined
  /** Oldest first. */
  readonly history: readonly SystemPicture[]
  /** Newest first. */
  readonly requests: readonly RequestEvent[]
  /** Newest first. */
  readonly changes: readonly Change[]
}

const nothing: Live = { connection: 'off', picture: undefined, history: [], requests: [], changes: [] }

export const useLive = create<Live>(() => nothing)

function take({ event, data }: StreamEvent): void {
  if (event === 'system') addPicture(JSON.parse(data))
  if (event === 'request') addRequest(JSON.parse(data))
  // Whoever shows the trail asks for it again; nobody else does.
  if (event === 'audit') queryClient.invalidateQueries({ queryKey: ['audit'] })
}

function addPicture(picture: SystemPicture): void {
  useLive.setState(({ history, changes }) => {
    const newest = history.at(-1)
    // A resumed stream may tell again what another replica told already.
    if (newest && newest.time >= picture.time) return {}
    const news = newest ? changesBetween(newest, picture) : []
    return {
      picture,
      history: [...history.filter(({ time }) => time > picture.time - historyMs), picture],
      changes: news.length === 0 ? changes : [...news, ...changes].slice(0, changesKept),
    }
  })
}

const addRequest = (request: RequestEvent): void =>
  useLive.setState(({ requests }) => ({ requests: [request, ...requests.slice(0, requestsKept - 1)] }))

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

const open = (lastEventId: string, signal: AbortSignal): Promise<Response> =>
  authorizedFetch(
    new Request('/api/v1/admin/events', {
      signal,
      cache: 'no-store',
      headers: { accept: 'text/event-stream', ...(lastEventId !== '' && { 'last-event-id': lastEventId }) },
    }),
  )

/** Asks for the session: one that was ended shows the door, one whose rights changed shows other pages. */
async function isStillSignedIn(): Promise<boolean> {
  const isSignedIn = await refresh().catch(() => true)
  if (isSignedIn) await reloadMe().catch(() => {})
  return isSignedIn
}

/** Keeps the stream open while the component that asks for it is shown, and the page is looked at. */
export function useLiveStream(isWanted: boolean): void {
  const isLookedAt = useIsLookedAt()
  useEffect(() => {
    if (!isWanted || !isLookedAt) return
    return keepOpen({
      open,
      pause,
      // Ids are times: what was missed comes first, as far back as any replica remembers.
      firstEventId: String(Math.max(useLive.getState().picture?.time ?? 0, Date.now() - historyMs)),
      onEvent: take,
      onState: (connection) => useLive.setState({ connection }),
      onRefused: isStillSignedIn,
    })
  }, [isWanted, isLookedAt])
  // Whoever signs in next begins with nothing.
  useEffect(() => () => useLive.setState(nothing, true), [])
}
