/**
 * The access token, in memory and nowhere else. The refresh token is a cookie that no script can read (docs/accounts.md),
 * so a reload stays signed in and an injected script finds nothing worth taking.
 *
 *   none --sign in, or the cookie--> held --30 s before it ends, when next asked for--> refreshed
 *   held --the refresh is refused (401)--> ended: whoever listens shows the sign-in page
 */

import { dataOf } from '#client/index.ts'
import { Refusal, unreachable } from '#dashboard/api/problem.ts'

interface SignedIn {
  readonly token: string
  readonly expiresIn: number
}

interface Held {
  readonly token: string
  readonly endsAt: number
}

const renewBeforeMs = 30_000

let held: Held | undefined
let refreshing: Promise<boolean> | undefined
let onEnd: () => void = () => {}

/** Called when the server no longer knows this session. */
export const whenSessionEnds = (listener: () => void): void => {
  onEnd = listener
}

const keep = ({ token, expiresIn }: SignedIn): void => {
  held = { token, endsAt: performance.now() + expiresIn * 1_000 }
}

export const forgetToken = (): void => {
  held = undefined
}

/** A token that is good for a while, refreshed when it is about to end; undefined when nobody is signed in. */
export async function freshToken(): Promise<string | undefined> {
  if (held && held.endsAt - performance.now() < renewBeforeMs) await refresh()
  return held?.token
}

/**
 * Exchanges the cookie for a new access token. Calls at the same time share one exchange.
 * @returns false when there is no session to go on with.
 * @throws {Refusal} when that could not be found out: nothing answered, or too many tries.
 */
export function refresh(): Promise<boolean> {
  refreshing ??= exchangeCookie().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

async function exchangeCookie(): Promise<boolean> {
  const wasHeld = held !== undefined
  try {
    keep(await post('/api/v1/auth/refresh?refreshToken=cookie'))
    return true
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
    held = undefined
    if (wasHeld) onEnd()
    return false
  }
}

export async function signInWith(credentials: { email: string; password: string }): Promise<void> {
  keep(await post('/api/v1/auth/login?refreshToken=cookie', credentials))
}

export async function registerWith(given: { email: string; password: string; name: string }): Promise<void> {
  keep(await post('/api/v1/auth/register?refreshToken=cookie', given))
}

async function post(url: string, body?: object): Promise<SignedIn> {
  const init = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { method: 'POST', ...init }).catch(() => {
    throw unreachable()
  })
  const said = await response.json().catch(() => undefined)
  return dataOf<SignedIn>(Promise.resolve({ data: said, error: said, response }))
}
