/**
 * A history over three replicas: people sign in and out, change their password, close their account, are disabled, get
 * other roles and tiers, keys are made and deleted, while every credential is used everywhere all the time, and for a
 * third of it one replica has no Redis. Afterwards each use is judged: one that began after a revocation was answered was
 * refused, one that ended before it was asked for was let in, and what it could do is what its account held meanwhile.
 * Where Redis was away a second is allowed for all of it (P10). `SEED=…` repeats the order of what is done.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { seeded } from '#scripts/chaos/seeded.ts'
import { severable } from '#tests/integration/severable.ts'
import { accounts, type Replica, replica } from '#tests/support/accounts.ts'
import { eventually } from '#tests/support/eventually.ts'
import { admin, type Person, password, person, roleWith, type SignedIn } from '#tests/support/people.ts'

interface Credential {
  readonly token: string
  readonly owner: Holder
  revocationAskedAt: number
  revokedAt: number
  /** When something was asked for that makes it good again: from then on it is not judged. */
  goodAgainAt: number
}

/** What an account held from the moment this was asked for until the next was answered. */
interface Rights {
  readonly tier: string
  readonly isAuditor: boolean
  readonly askedAt: number
  answeredAt: number
}

interface Holder {
  readonly person: Person
  readonly rights: Rights[]
  password: string
}

interface Use {
  readonly credential: Credential
  readonly on: Replica
  readonly beganAt: number
  readonly endedAt: number
  readonly status: number
  readonly tier: string
  readonly permissions: readonly string[]
}

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32))
const random = seeded(seed)
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)

const timesEach = 6
const boundMs = 1_000
const tiers = ['free', 'pro', 'enterprise']
const isSession = ({ token }: Credential): boolean => token.includes('.')

t.test(`what was revoked or changed is felt by every later use, on any replica; SEED=${seed}`, async (t) => {
  const shared = await accounts(t)
  const folder = mkdtempSync(join(tmpdir(), 'sluice-revocations-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const socket = join(folder, 'redis.sock')
  const redis = await severable(t, socket, shared.redisUrl.replace('unix://', ''))
  const severed = await replica(t, { ...shared, redisUrl: `unix://${socket}` })
  const replicas = [severed, await replica(t, shared), await replica(t, shared)]
  const auditors = await roleWith(pick(replicas), ['audit:read'])

  const live = new Set<Credential>()
  const uses: Use[] = []
  const outage = { from: Infinity, to: Infinity }
  let isOver = false

  const newHolder = async (): Promise<Holder> => ({
    person: await person(pick(replicas)),
    rights: [{ tier: 'free', isAuditor: false, askedAt: -Infinity, answeredAt: -Infinity }],
    password,
  })
  const holders = [await newHolder(), await newHolder(), await newHolder(), await newHolder()]

  const add = (token: string, owner: Holder): Credential => {
    const credential = {
      token,
      owner,
      revocationAskedAt: Infinity,
      revokedAt: Infinity,
      goodAgainAt: Infinity,
    }
    live.add(credential)
    return credential
  }
  const of = (owner: Holder): Credential[] => [...live].filter((credential) => credential.owner === owner)

  const useOn = async (credential: Credential, on: Replica): Promise<Use> => {
    const beganAt = performance.now()
    const { status, body } = await on.call<Pick<Use, 'tier' | 'permissions'>>('GET', '/api/v1/me', {
      token: credential.token,
    })
    const { tier, permissions } = body
    const use = { credential, on, beganAt, endedAt: performance.now(), status, tier, permissions }
    uses.push(use)
    return use
  }
  const useEverywhere = async (credentials: readonly Credential[]): Promise<void> => {
    await Promise.all(credentials.flatMap((each) => replicas.map((on) => useOn(each, on))))
  }
  /** Uses it on the replica that is cut off until that refuses it: when it last did not is in the history. */
  const useUntilRefused = async (credential: Credential): Promise<void> => {
    const asLongAs = performance.now() + 5 * boundMs
    for (;;) {
      const { status, beganAt } = await useOn(credential, severed)
      if (status === 401 || beganAt > asLongAs) return
    }
  }

  const answered = async (work: Promise<{ status: number }>): Promise<void> => {
    const { status } = await work
    if (status >= 300) throw new Error(`what takes something away answered ${status}`)
  }
  const revoke = async (
    gone: readonly Credential[],
    work: () => Promise<{ status: number }>,
  ): Promise<void> => {
    for (const credential of gone) credential.revocationAskedAt = performance.now()
    await answered(work())
    for (const credential of gone) credential.revokedAt = performance.now()
    await useEverywhere(gone)
    if (performance.now() > outage.from && outage.to === Infinity)
      await Promise.all(gone.map(useUntilRefused))
    for (const credential of gone) live.delete(credential)
  }
  const change = async (owner: Holder, to: Partial<Pick<Rights, 'tier' | 'isAuditor'>>): Promise<void> => {
    const { tier, isAuditor } = { ...(owner.rights.at(-1) as Rights), ...to }
    const rights = { tier, isAuditor, askedAt: performance.now(), answeredAt: Infinity }
    owner.rights.push(rights)
    const body = { tier, role: isAuditor ? auditors : 'user' }
    await answered(admin(pick(replicas), 'PATCH', `/api/v1/users/${owner.person.id}`, { body }))
    rights.answeredAt = performance.now()
    await useEverywhere(of(owner))
  }

  const signIn = async (owner: Holder): Promise<Credential> => {
    const body = { email: owner.person.email, password: owner.password }
    return add(
      (await pick(replicas).call<SignedIn>('POST', '/api/v1/auth/login', { body })).body.token,
      owner,
    )
  }
  const sessionOf = async (owner: Holder): Promise<Credential> =>
    of(owner).find(isSession) ?? (await signIn(owner))
  const makeKey = async (owner: Holder): Promise<Credential> => {
    const { token } = await sessionOf(owner)
    const call = { token, body: { name: 'k' } }
    return add((await pick(replicas).call<{ key: string }>('POST', '/api/v1/api-keys', call)).body.key, owner)
  }

  const moves: Readonly<Record<string, (owner: Holder) => Promise<unknown>>> = {
    signIn,
    signInAgain: signIn,
    makeKey,
    async signOut(owner) {
      const session = await sessionOf(owner)
      const { token } = session
      await revoke([session], () => pick(replicas).call('POST', '/api/v1/auth/logout', { token }))
    },
    async signOutEverywhere(owner) {
      const { token } = await sessionOf(owner)
      const gone = of(owner).filter(isSession)
      await revoke(gone, () => pick(replicas).call('POST', '/api/v1/auth/logout-all', { token }))
    },
    async changePassword(owner) {
      const session = await sessionOf(owner)
      const body = {
        currentPassword: owner.password,
        newPassword: `${password} ${Math.floor(random() * 1e9)}`,
      }
      const others = of(owner).filter((one) => isSession(one) && one !== session)
      const call = { token: session.token, body }
      await revoke(others, () => pick(replicas).call('PUT', '/api/v1/me/password', call))
      owner.password = body.newPassword
      await useEverywhere([session])
    },
    async deleteKey(owner) {
      const key = of(owner).find((one) => !isSession(one)) ?? (await makeKey(owner))
      const { token } = await sessionOf(owner)
      const url = `/api/v1/api-keys/${key.token.split('_')[1]}`
      await revoke([key], () => pick(replicas).call('DELETE', url, { token }))
    },
    async disable(owner) {
      await sessionOf(owner)
      const mine = of(owner)
      const url = `/api/v1/users/${owner.person.id}`
      await revoke(mine, () => admin(pick(replicas), 'PATCH', url, { body: { isActive: false } }))
      for (const credential of mine) credential.goodAgainAt = performance.now()
      await admin(pick(replicas), 'PATCH', url, { body: { isActive: true } })
    },
    async close(owner) {
      const { token } = await sessionOf(owner)
      await revoke(of(owner), () => pick(replicas).call('DELETE', '/api/v1/me', { token }))
      holders[holders.indexOf(owner)] = await newHolder()
    },
    async changeRole(owner) {
      await sessionOf(owner)
      await change(owner, { isAuditor: !owner.rights.at(-1)?.isAuditor })
    },
    async changeTier(owner) {
      await sessionOf(owner)
      await change(owner, { tier: pick(tiers.filter((tier) => tier !== owner.rights.at(-1)?.tier)) })
    },
  }

  // Not drawn with the seed: how often a reader comes round depends on the machine.
  const anyOf = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)]
  const readers = replicas.map(async (on) => {
    while (!isOver) {
      const credential = anyOf([...live])
      if (credential) await useOn(credential, on)
      await new Promise(setImmediate)
    }
  })
  // Each third has all of it, in another order.
  const third = async (): Promise<void> => {
    const all = Object.values(moves).flatMap((move) => Array.from({ length: timesEach / 3 }, () => move))
    for (const move of shuffled(all)) await move(pick(holders))
  }
  await third()
  outage.from = performance.now()
  redis.sever()
  await third()
  await redis.restore()
  await eventually(t, severed.isTrusted)
  outage.to = performance.now()
  await third()
  isOver = true
  await Promise.all(readers)

  const allowanceMs = ({ on, beganAt, endedAt }: Use): number =>
    on === severed && endedAt > outage.from && beganAt < outage.to ? boundMs : 0
  const late = uses.filter(
    (use) =>
      use.beganAt > use.credential.revokedAt + allowanceMs(use) && use.endedAt < use.credential.goodAgainAt,
  )
  const early = uses.filter(({ credential, endedAt }) => endedAt < credential.revocationAskedAt)
  const cutOff = uses.filter((use) => allowanceMs(use) > 0)
  t.ok(late.length > 0 && early.length > 0 && cutOff.some(({ status }) => status === 401))
  t.comment(
    `SEED=${seed}: ${uses.length} uses, ${late.length} after a revocation, ${cutOff.length} without Redis`,
  )
  const shown = (some: readonly Use[]) =>
    some.slice(0, 5).map(({ credential, on, ...use }) => ({
      ...use,
      on: replicas.indexOf(on),
      afterMs: use.beganAt - credential.revokedAt,
    }))
  t.strictSame(shown(late.filter(({ status }) => status !== 401)), [], 'none after is let in')
  t.strictSame(shown(early.filter(({ status }) => status !== 200)), [], 'none before is refused')

  const couldHold = (use: Use): Rights[] =>
    use.credential.owner.rights.filter(({ askedAt }, index, all) => {
      const endedAt = all[index + 1]?.answeredAt ?? Infinity
      return askedAt <= use.endedAt && endedAt + allowanceMs(use) >= use.beganAt
    })
  const isRight = (use: Use): boolean =>
    couldHold(use).some(
      ({ tier, isAuditor }) =>
        tier === use.tier &&
        // What a key may do was settled when it was made.
        (!isSession(use.credential) || isAuditor === use.permissions.includes('audit:read')),
    )
  const served = uses.filter(({ status }) => status === 200)
  t.ok(
    tiers.every((tier) => served.some((use) => use.tier === tier)),
    'every tier was seen',
  )
  t.strictSame(shown(served.filter((use) => !isRight(use))), [], 'none has what was changed before it began')
})
