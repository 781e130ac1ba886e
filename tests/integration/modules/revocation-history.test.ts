/**
 * A history over three replicas: people sign in and out, are disabled and enabled, keys are made and ended, while every
 * credential is used everywhere all the time. Afterwards each use is judged: one that began after a revocation was
 * answered was refused, one that ended before it was asked for was let in.
 */

import t from 'tap'
import { accounts, type Replica, replica } from '#tests/support/accounts.ts'
import { admin, type Person, password, person, type SignedIn } from '#tests/support/people.ts'

interface Credential {
  readonly token: string
  revocationAskedAt: number
  revokedAt: number
}

interface Use {
  readonly credential: Credential
  readonly beganAt: number
  readonly endedAt: number
  readonly status: number
}

const steps = 60
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T

t.test('no use that begins after a revocation was answered is let in, on any replica', async (t) => {
  const shared = await accounts(t)
  const replicas = [await replica(t, shared), await replica(t, shared), await replica(t, shared)]
  const people: Person[] = []
  for (let index = 0; index < 4; index++) people.push(await person(pick(replicas)))
  const live = new Map<Credential, Person>()
  const uses: Use[] = []
  let isOver = false

  const add = (token: string, owner: Person): void => {
    live.set({ token, revocationAskedAt: Infinity, revokedAt: Infinity }, owner)
  }
  const revoke = async (
    gone: readonly Credential[],
    work: () => Promise<{ status: number }>,
  ): Promise<void> => {
    for (const credential of gone) credential.revocationAskedAt = performance.now()
    const { status } = await work()
    if (status >= 300) throw new Error(`a revocation answered ${status}`)
    for (const credential of gone) credential.revokedAt = performance.now()
    await useEverywhere(gone)
    for (const credential of gone) live.delete(credential)
  }
  const useOn = async (credential: Credential, { call }: Replica): Promise<void> => {
    const beganAt = performance.now()
    const { status } = await call('GET', '/api/v1/me', { token: credential.token })
    uses.push({ credential, beganAt, endedAt: performance.now(), status })
  }
  const useEverywhere = async (credentials: readonly Credential[]): Promise<void> => {
    await Promise.all(credentials.flatMap((each) => replicas.map((on) => useOn(each, on))))
  }

  const signIn = async (owner: Person): Promise<void> => {
    const body = { email: owner.email, password }
    add((await pick(replicas).call<SignedIn>('POST', '/api/v1/auth/login', { body })).body.token, owner)
  }
  const moves: ((owner: Person, mine: Credential[]) => Promise<void>)[] = [
    signIn,
    signIn,
    async (owner, [session]) => {
      if (!session) return signIn(owner)
      const call = { token: session.token, body: { name: 'k' } }
      add((await pick(replicas).call<{ key: string }>('POST', '/api/v1/api-keys', call)).body.key, owner)
    },
    async (_owner, [session]) => {
      if (session)
        await revoke([session], () =>
          pick(replicas).call('POST', '/api/v1/auth/logout', { token: session.token }),
        )
    },
    async (_owner, sessions) => {
      const [one] = sessions
      if (one)
        await revoke(sessions, () =>
          pick(replicas).call('POST', '/api/v1/auth/logout-all', { token: one.token }),
        )
    },
    async (_owner, [session]) => {
      const call = { token: session?.token ?? '' }
      const keys = await pick(replicas).call<{ data?: { id: number }[] }>('GET', '/api/v1/api-keys', call)
      const id = keys.body.data?.[0]?.id
      const key = [...live.keys()].find(({ token }) => token.startsWith(`slc_${id}_`))
      if (key) await revoke([key], () => pick(replicas).call('DELETE', `/api/v1/api-keys/${id}`, call))
    },
    async (owner) => {
      const mine = [...live].filter(([, of]) => of === owner).map(([credential]) => credential)
      const url = `/api/v1/users/${owner.id}`
      await revoke(mine, () => admin(pick(replicas), 'PATCH', url, { body: { isActive: false } }))
      await admin(pick(replicas), 'PATCH', url, { body: { isActive: true } })
      // Its keys are good again, its sessions are not: neither is judged further.
    },
  ]

  const readers = replicas.map(async (on) => {
    while (!isOver) {
      const credential = pick([...live.keys()])
      if (credential) await useOn(credential, on)
      await new Promise(setImmediate)
    }
  })
  for (let step = 0; step < steps; step++) {
    const owner = pick(people)
    const sessions = [...live].filter(([{ token }, of]) => of === owner && token.includes('.'))
    await pick(moves)(
      owner,
      sessions.map(([credential]) => credential),
    )
  }
  isOver = true
  await Promise.all(readers)

  const late = uses.filter(({ credential, beganAt }) => beganAt > credential.revokedAt)
  const early = uses.filter(({ credential, endedAt }) => endedAt < credential.revocationAskedAt)
  t.ok(late.length > 0 && early.length > 0, `${uses.length} uses, ${late.length} after a revocation`)
  t.strictSame(
    late.filter(({ status }) => status !== 401),
    [],
    'none after is let in',
  )
  t.strictSame(
    early.filter(({ status }) => status !== 200),
    [],
    'none before is refused',
  )
})
