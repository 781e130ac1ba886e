/** The ways in which a credential, or what it may do, comes to an end: each on an account of its own. */

import { randomUUID } from 'node:crypto'
import type { RunningStack } from '#scripts/engine/stack.ts'
import type { Reply } from '#tests/support/load.ts'
import { admin, answered, type Client, newAccount, newKey, signIn } from './clients.ts'
import { byStatus, type Question } from './uses.ts'

export interface Revocation {
  readonly name: string
  arrange(stack: RunningStack): Promise<Arranged>
}

interface Arranged {
  /** Answered before, and no longer after. */
  readonly questions: readonly Question[]
  readonly revoke: () => Promise<void>
}

const me = (client: Client): Question => ({ client, path: '/api/v1/me', isLetIn: byStatus(401) })

const acknowledged = (status: number, sending: () => Promise<Reply>) => async (): Promise<void> => {
  answered(await sending(), status, 'not acknowledged')
}

const logout: Revocation = {
  name: 'logout',
  async arrange(stack) {
    const { session } = await newAccount(stack)
    const revoke = acknowledged(204, () => session.send('POST', '/api/v1/auth/logout'))
    return { questions: [me(session)], revoke }
  },
}

const logoutAll: Revocation = {
  name: 'logout-all',
  async arrange(stack) {
    const account = await newAccount(stack)
    const other = await signIn(stack, account)
    const revoke = acknowledged(204, () => account.session.send('POST', '/api/v1/auth/logout-all'))
    return { questions: [me(account.session), me(other)], revoke }
  },
}

const password: Revocation = {
  name: 'password',
  async arrange(stack) {
    const account = await newAccount(stack)
    const other = await signIn(stack, account)
    const change = { currentPassword: account.password, newPassword: randomUUID() }
    const revoke = acknowledged(204, () => account.session.send('PUT', '/api/v1/me/password', change))
    return { questions: [me(other)], revoke }
  },
}

const role: Revocation = {
  name: 'role',
  async arrange(stack) {
    const account = await newAccount(stack)
    const become = (name: string) =>
      acknowledged(200, () => admin(stack).send('PATCH', `/api/v1/users/${account.id}`, { role: name }))
    await become('admin')()
    const question = { client: account.session, path: '/api/v1/users/1', isLetIn: byStatus(403) }
    return { questions: [question], revoke: become('user') }
  },
}

const permission: Revocation = {
  name: "a role's permission",
  async arrange(stack) {
    const account = await newAccount(stack)
    const name = `prove-${randomUUID().slice(0, 8)}`
    const made = await admin(stack).send('POST', '/api/v1/roles', { name, permissions: ['users:read'] })
    answered(made, 201, 'no role')
    const given = await admin(stack).send('PATCH', `/api/v1/users/${account.id}`, { role: name })
    answered(given, 200, 'role not given')
    const question = { client: account.session, path: '/api/v1/users/1', isLetIn: byStatus(403) }
    const revoke = acknowledged(200, () =>
      admin(stack).send('PUT', `/api/v1/roles/${name}`, { permissions: [] }),
    )
    return { questions: [question], revoke }
  },
}

/** The limit that answers name is the new one. */
const tier: Revocation = {
  name: 'tier',
  async arrange(stack) {
    const { id, session } = await newAccount(stack)
    const isLetIn = ({ headers }: Reply): boolean | undefined => {
      const policy = String(headers['ratelimit-policy'])
      return policy.startsWith('"free"') ? true : policy.startsWith('"pro"') ? false : undefined
    }
    const revoke = acknowledged(200, () =>
      admin(stack).send('PUT', `/api/v1/admin/users/${id}/tier`, { tier: 'pro' }),
    )
    return { questions: [{ client: session, path: '/api/v1/status', isLetIn }], revoke }
  },
}

const key: Revocation = {
  name: 'key',
  async arrange(stack) {
    const { id, client } = await newKey(stack)
    const question = { client, path: '/api/v1/users/1', isLetIn: byStatus(401) }
    const revoke = acknowledged(204, () => admin(stack).send('DELETE', `/api/v1/api-keys/${id}`))
    return { questions: [question], revoke }
  },
}

const account: Revocation = {
  name: 'account',
  async arrange(stack) {
    const { session } = await newAccount(stack)
    const { client } = await newKey(stack, { owner: session })
    const question = { client, path: '/api/v1/status', isLetIn: byStatus(401) }
    const revoke = acknowledged(204, () => session.send('DELETE', '/api/v1/me'))
    return { questions: [me(session), question], revoke }
  },
}

export const revocations: readonly Revocation[] = [
  logout,
  logoutAll,
  password,
  role,
  permission,
  tier,
  key,
  account,
]
export const signOut = logout
