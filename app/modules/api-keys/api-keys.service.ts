/** The rules of API keys: a key never reaches further than whoever made it, nor than its account does now. */

import type { Revoke } from '#http/revoke.ts'
import type { Write } from '#http/write.ts'
import { AppError, forbidden, notFound } from '#kernel/errors.ts'
import { lowerTier } from '#kernel/permissions.ts'
import { holdsAll, type Principal, type Tier } from '#kernel/principal.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import type { ApiKey, NewApiKey, ShownApiKey } from './api-keys.schemas.ts'
import { apiKeysStore as store } from './api-keys.store.ts'

export interface ApiKeysServiceDeps {
  readonly audit: AuditTrail
  readonly revoke: Revoke
}

const maxKeys = 100

export function apiKeysService({ audit, revoke }: ApiKeysServiceDeps) {
  const lock = async (write: Write, id: number): Promise<ApiKey> => {
    const key = await store.lock(write.transaction, id, write.principal.userId)
    if (!key) throw notFound('API key', id)
    const { principal } = write
    // A key that leaked must not end the ones that hold more; it may end itself.
    const isItself = principal.kind === 'api-key' && principal.credentialId === id
    if (principal.kind === 'api-key' && !isItself) mustReach(principal, key.scopes)
    return key
  }

  return {
    async create(write: Write, body: NewApiKey): Promise<ShownApiKey> {
      const { principal, transaction } = write
      const { name, scopes = [], tier = null, limitPerMinute = null, expiresAt = null } = body
      mustReach(principal, scopes)
      mustBeWithin(principal, tier)
      const end = expiryOf(principal, expiresAt)
      if ((await store.count(transaction, principal.userId)) >= maxKeys) {
        throw new AppError('conflict', { detail: `An account holds at most ${maxKeys} keys: end one first.` })
      }
      const made = await store.insert(transaction, {
        ownerId: principal.userId,
        madeBy: principal.kind === 'api-key' ? principal.credentialId : null,
        name,
        scopes,
        tier,
        limitPerMinute: ownLimit(principal, limitPerMinute),
        expiresAt: end,
      })
      await audit.record(transaction, write, {
        action: 'api-keys.create',
        target: `api-key:${made.id}`,
        details: { scopes, tier, limitPerMinute, expiresAt: end },
      })
      return made
    },

    /** A new key in the place of an old one, which goes on for `overlapSeconds` while its users are changed over. */
    async rotate(write: Write, id: number, overlapSeconds: number): Promise<ShownApiKey> {
      const { transaction, principal } = write
      const old = await lock(write, id)
      const { name, scopes, tier, limitPerMinute, expiresAt } = old
      mustReach(principal, scopes)
      const made = await store.insert(transaction, {
        ownerId: principal.userId,
        madeBy: principal.kind === 'api-key' ? principal.credentialId : null,
        name,
        scopes,
        tier,
        limitPerMinute: ownLimit(principal, limitPerMinute),
        expiresAt: expiryOf(principal, expiresAt),
      })
      await store.endWithin(transaction, id, overlapSeconds)
      await revoke(write, `api-key:${id}`)
      await audit.record(transaction, write, {
        action: 'api-keys.rotate',
        target: `api-key:${id}`,
        details: { successor: made.id, overlapSeconds },
      })
      return made
    },

    async remove(write: Write, id: number): Promise<void> {
      await lock(write, id)
      const ended = await store.revoke(write.transaction, id)
      await revoke(write, ...ended.map((each) => `api-key:${each}`))
      await audit.record(write.transaction, write, { action: 'api-keys.delete', target: `api-key:${id}` })
    },
  }
}

export type ApiKeysService = ReturnType<typeof apiKeysService>

function mustReach(principal: Principal, scopes: readonly string[]): void {
  if (!holdsAll(principal, scopes)) throw forbidden('This key would hold permissions that you do not.')
}

function mustBeWithin({ tier: own }: Principal, tier: Tier | null): void {
  if (tier !== null && lowerTier(tier, own) !== tier) throw forbidden('Your own tier is lower than that.')
}

/** A key that has a limit of its own makes none with a wider one. */
const ownLimit = ({ own }: Principal, limitPerMinute: number | null): number | null =>
  own === undefined ? limitPerMinute : Math.min(limitPerMinute ?? own.policy.capacity, own.policy.capacity)

/** In the future, and no later than the end of the key that asks. */
function expiryOf(principal: Principal, expiresAt: string | null): string | null {
  const limit = principal.kind === 'api-key' ? principal.expiresAt : Number.POSITIVE_INFINITY
  if (expiresAt === null) return Number.isFinite(limit) ? new Date(limit).toISOString() : null
  const at = Date.parse(expiresAt)
  if (at <= Date.now()) {
    const fields = [{ path: 'expiresAt', message: 'must be in the future' }]
    throw new AppError('validation_failed', { detail: 'The key would be over at once.', fields })
  }
  return new Date(Math.min(at, limit)).toISOString()
}
