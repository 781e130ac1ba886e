/** Attacks with a token that was once sent to somebody: it is worth nothing once the person has set a password. */

import t from 'tap'
import { accounts, replica } from '#tests/support/accounts.ts'
import { admin, password, type SignedIn } from '#tests/support/people.ts'

interface Invited {
  readonly id: number
  readonly invitationToken: string
}

t.test(
  'an invitation and a reset end with the next password, and a reset with the address it went to',
  async (t) => {
    const sent = new Map<string, (token: string) => void>()
    const one = await replica(t, await accounts(t), {
      deliver: async ({ to, token }) => sent.get(to)?.(token),
    })
    const resetOf = async (email: string): Promise<string> => {
      const { promise, resolve } = Promise.withResolvers<string>()
      sent.set(email, resolve)
      await one.call('POST', '/api/v1/auth/password-reset', { body: { email } })
      return promise
    }
    const set = async (token: string) =>
      (await one.call('PUT', '/api/v1/auth/password', { body: { token, password } })).status

    const invite = { name: 'Ann', email: 'ann@example.org' }
    const invited = await admin<Invited>(one, 'POST', '/api/v1/users', { body: invite })
    t.equal(await set(await resetOf(invite.email)), 204)
    t.equal(await set(invited.body.invitationToken), 401, 'whoever invited her kept the token')

    const stale = await resetOf(invite.email)
    const signedIn = await one.call<SignedIn>('POST', '/api/v1/auth/login', {
      body: { email: invite.email, password },
    })
    const changed = await one.call('PUT', '/api/v1/me/password', {
      token: signedIn.body.token,
      body: { currentPassword: password, newPassword: 'another long enough phrase' },
    })
    t.equal(changed.status, 204)
    t.equal(await set(stale), 401, 'a reset asked for before the change')

    const sentToOld = await resetOf(invite.email)
    const moved = { body: { email: 'ann@elsewhere.example' } }
    t.equal((await admin(one, 'PATCH', `/api/v1/users/${invited.body.id}`, moved)).status, 200)
    t.equal(await set(sentToOld), 401, 'a reset that lies in the mailbox she left')
  },
)
