/** What an access token means now: its session and account are asked each time it is not remembered (P10). */

import type { Session } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { expand, frozen } from '#kernel/permissions.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Revocations } from '#kernel/revocations.ts'
import type { AccessTokens, VerifiedClaims } from '#platform/access-tokens.ts'
import type { SessionGrant, SessionsStore } from './sessions.store.ts'

export interface SessionCheckDeps {
  readonly database: Session
  readonly sessions: SessionsStore
  readonly tokens: AccessTokens
  readonly revocations: Revocations
  readonly declared: ReadonlySet<string>
}

/** @throws {AppError} `invalid_token`; `dependency_unavailable` when neither Postgres nor Redis can tell. */
export function sessionCheck({ database, sessions, tokens, revocations, declared }: SessionCheckDeps) {
  return async (token: string): Promise<Principal> => {
    const claims = await tokens.verify(token)
    const userId = Number(claims.sub)
    const grant = await sessions.grant(database, claims.sid, userId).catch((error: unknown) => {
      if (isOutage(error)) return grantOfClaims(claims, userId, revocations)
      throw error
    })
    if (grant === undefined) throw new AppError('invalid_token', { detail: 'The session is over.' })
    return frozen({
      kind: 'session',
      userId,
      credentialId: claims.sid,
      role: grant.role,
      tier: grant.tier,
      permissions: expand(grant.permissions, declared),
      bucket: `user:${userId}`,
      expiresAt: claims.exp * 1_000,
    })
  }
}

/** Postgres is away: the signature vouches for what was true when it was made, Redis for what was revoked since. */
async function grantOfClaims(
  { sid, role, tier, permissions, iat }: VerifiedClaims,
  userId: number,
  revocations: Revocations,
): Promise<SessionGrant | undefined> {
  const subjects = [`session:${sid}`, `user:${userId}`, `role:${role}`]
  const isRevoked = await revocations.isRevoked(subjects, iat * 1_000)
  return isRevoked ? undefined : { userId, role, tier, permissions }
}

const isOutage = (error: unknown): boolean =>
  error instanceof AppError && ['dependency_unavailable', 'deadline_exceeded'].includes(error.code)
