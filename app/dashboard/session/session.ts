/** Who is signed in, for the whole page: the one place that changes it. */

import { create } from 'zustand'
import type { Me } from '#client/index.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { forgetToken, refresh, registerWith, signInWith, whenSessionEnds } from './tokens.ts'

export type Session =
  | { readonly is: 'starting' }
  | { readonly is: 'unreachable'; readonly error: unknown }
  | { readonly is: 'signed-out'; readonly notice?: string }
  | { readonly is: 'signed-in'; readonly me: Me }

export const useSession = create<Session>(() => ({ is: 'starting' }))

const become = (session: Session): void => useSession.setState(session, true)

// Not a secret: only whether asking for a session is worth a request before the first page is shown.
const hint = 'sluice.signed-in'
const remembered = {
  isLikely: () => inStorage((storage) => storage.getItem(hint) !== null) ?? true,
  set: (isSignedIn: boolean) =>
    inStorage((storage) => (isSignedIn ? storage.setItem(hint, 'yes') : storage.removeItem(hint))),
}

async function enter(): Promise<void> {
  const me = await answered(api.GET('/api/v1/me'))
  remembered.set(true)
  become({ is: 'signed-in', me })
}

function leave(notice?: string): void {
  forgetToken()
  remembered.set(false)
  queryClient.clear()
  become(notice === undefined ? { is: 'signed-out' } : { is: 'signed-out', notice })
}

whenSessionEnds(() => leave('Your session has ended. Sign in again to go on.'))

/** On load, and again when the server could not be reached: goes on with the session of the cookie, if there is one. */
export async function resume(): Promise<void> {
  if (!remembered.isLikely()) return leave()
  try {
    if (await refresh()) await enter()
    else leave()
  } catch (error) {
    become({ is: 'unreachable', error })
  }
}

export async function signIn(credentials: { email: string; password: string }): Promise<void> {
  await signInWith(credentials)
  await enter()
}

export async function register(given: { email: string; password: string; name: string }): Promise<void> {
  await registerWith(given)
  await enter()
}

export async function signOut(): Promise<void> {
  // Also when nothing answers: this browser forgets the token either way.
  await api.POST('/api/v1/auth/logout').catch(() => {})
  leave()
}

/** After one's own name changed, or rights did. */
export async function reloadMe(): Promise<void> {
  if (useSession.getState().is === 'signed-in') await enter()
}

export const useMe = (): Me => {
  const session = useSession()
  if (session.is !== 'signed-in') throw new Error('Only pages behind the sign-in may ask who is signed in.')
  return session.me
}

export const allows = (me: Me, permission: string): boolean =>
  me.permissions.includes('*') || me.permissions.includes(permission)

/** Whether the person may; a page hides what they may not do, the server refuses it anyway. */
export const useMay = (permission: string): boolean => allows(useMe(), permission)

/** Undefined where storage is closed: then the next load asks the server. */
function inStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}
