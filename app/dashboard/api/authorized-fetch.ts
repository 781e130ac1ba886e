/** fetch with the bearer of whoever is signed in. A token that was refused is renewed once, then the answer stands. */

import { freshToken, refresh } from '#dashboard/session/tokens.ts'
import { unreachable } from './problem.ts'

export async function authorizedFetch(input: Request): Promise<Response> {
  const again = input.clone()
  const token = await freshToken()
  const response = await send(input, token)
  if (response.status !== 401 || token === undefined) return response
  const isSignedIn = await refresh()
  return isSignedIn ? send(again, await freshToken()) : response
}

async function send(request: Request, token: string | undefined): Promise<Response> {
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`)
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw unreachable()
  }
}
