/** Accounts for tests of the doors: registered, signed in, ready to call. */

import type { Call, Replica } from './accounts.ts'

export interface Person {
  readonly id: number
  readonly email: string
  readonly token: string
  readonly refreshToken: string
  call<Body>(method: string, url: string, call?: Call): ReturnType<typeof callAs<Body>>
}

export const password = 'a long enough phrase'

export interface SignedIn {
  readonly token: string
  readonly refreshToken: string
  readonly user: { readonly id: number; readonly email: string; readonly role: string }
}

let count = 0

const callAs = <Body>(replica: Replica, token: string, method: string, url: string, call: Call = {}) =>
  replica.call<Body>(method, url, { token, ...call })

/** Somebody new, with the role `user` unless another is named. */
export async function person(replica: Replica, role?: string): Promise<Person> {
  const email = `person-${++count}@example.org`
  const registered = await replica.call<SignedIn>('POST', '/api/v1/auth/register', {
    body: { email, password, name: `Person ${count}` },
  })
  const { token, refreshToken, user } = registered.body
  if (role !== undefined) await admin(replica, 'PATCH', `/api/v1/users/${user.id}`, { body: { role } })
  return {
    id: user.id,
    email,
    token,
    refreshToken,
    call: (method, url, call) => callAs(replica, token, method, url, call),
  }
}

/** As the key of the demo that may do everything. */
export const admin = <Body>(replica: Replica, method: string, url: string, call?: Call) =>
  callAs<Body>(replica, 'admin-token-dev', method, url, call)

/** A role with these permissions; its name. */
export async function roleWith(replica: Replica, permissions: readonly string[]): Promise<string> {
  const name = `role-${++count}`
  await admin(replica, 'POST', '/api/v1/roles', { body: { name, permissions } })
  return name
}
