/** The rules of sessions: how one opens, goes on under new tokens, and ends on every replica at once. */

import type { Revoke } from '#http/revoke.ts'
import type { Write } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import { AppError, forbidden, notFound } from '#kernel/errors.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import type { Account, UsersStore } from '#modules/users/index.ts'
import type { AccessTokens } from '#platform/access-tokens.ts'
import type { RefreshTokens } from './refresh-token.ts'
import type { SignedIn } from './sessions.schemas.ts'
import type { SessionsStore } from './sessions.store.ts'

export interface SessionsServiceDeps {
  readonly database: Database
  readonly cache: Cache
  readonly users: UsersStore
  readonly sessions: SessionsStore
  readonly tokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly audit: AuditTrail
  readonly revoke: Revoke
}

/** What a refresh token turned out to be. */
type Refreshed =
  | { readonly is: 'refreshed'; readonly signedIn: Required<SignedIn> }
  | { readonly is: 'reused'; readonly sessionId: number }

export function sessionsService(deps: SessionsServiceDeps) {
  const { database, cache, users, sessions, tokens, refreshTokens, audit, revoke } = deps

  const answer = async (
    account: Account,
    sessionId: number,
    refreshToken: string,
  ): Promise<Required<SignedIn>> => {
    const { id, role, tier, permissions } = account
    const token = await tokens.sign({ sub: String(id), sid: sessionId, role, tier, permissions })
    return { token, tokenType: 'Bearer', expiresIn: tokens.ttlSeconds, refreshToken, user: account }
  }

  const refreshed = async (write: Write, refreshToken: string): Promise<Refreshed> => {
    const { transaction } = write
    const sessionId = refreshTokens.sessionOf(refreshToken)
    if (sessionId === undefined) throw staleRefresh()
    const successor = refreshTokens.successor(refreshToken)
    if (!(await sessions.rotate(transaction, sessionId, refreshToken, successor))) {
      const why = await sessions.whyNotCurrent(transaction, sessionId, refreshToken)
      if (why === 'reuse') return { is: 'reused', sessionId }
      if (why === 'over') throw staleRefresh()
    }
    const account = await users.byId(transaction, await sessions.userOf(transaction, sessionId))
    if (!account?.isActive) throw staleRefresh()
    return { is: 'refreshed', signedIn: await answer(account, sessionId, successor) }
  }

  return {
    /** A new session of `account`. */
    async open(write: Write, account: Account, userAgent: string): Promise<Required<SignedIn>> {
      const device = { userAgent, address: write.clientAddress }
      const { id, refreshToken } = await sessions.open(
        write.transaction,
        account.id,
        device,
        refreshTokens.first,
      )
      const actor = { ...write, principal: { ...write.principal, userId: account.id, credentialId: id } }
      await audit.record(write.transaction, actor, { action: 'sessions.open', target: `user:${account.id}` })
      return answer(account, id, refreshToken)
    },

    /** @throws {AppError} `invalid_token`; a token used again after its successor ends the session, and that is kept. */
    async refresh(
      runWrite: (work: (write: Write) => Promise<Required<SignedIn>>) => Promise<unknown>,
      refreshToken: string,
    ): Promise<void> {
      let stolen: { write: Write; sessionId: number } | undefined
      try {
        await runWrite(async (write) => {
          const outcome = await refreshed(write, refreshToken)
          if (outcome.is === 'refreshed') return outcome.signedIn
          stolen = { write, sessionId: outcome.sessionId }
          throw staleRefresh()
        })
      } finally {
        if (stolen) await endStolen(stolen.write, stolen.sessionId)
      }
    },

    /** Ends the caller's own session. */
    async signOut(write: Write): Promise<void> {
      const { transaction, principal } = write
      mustBeSession(write)
      await sessions.end(transaction, principal.credentialId, principal.userId, 'signed_out')
      await revoke(write, `session:${principal.credentialId}`)
      await audit.record(transaction, write, {
        action: 'sessions.end',
        target: `session:${principal.credentialId}`,
      })
    },

    /** Ends all sessions of the caller, but `except`. */
    async endAll(write: Write, reason: 'signed_out' | 'password_changed', except = 0): Promise<void> {
      mustBeSession(write)
      const { userId } = write.principal
      const ended = await sessions.endAll(write.transaction, userId, except, reason)
      await revoke(write, ...ended.map((id) => `session:${id}`))
      await audit.record(write.transaction, write, {
        action: 'sessions.end-all',
        target: `user:${userId}`,
        details: { reason, count: ended.length },
      })
    },

    async endOne(write: Write, id: number): Promise<void> {
      mustBeSession(write)
      if (!(await sessions.end(write.transaction, id, write.principal.userId, 'ended_by_owner'))) {
        throw notFound('session', id)
      }
      await revoke(write, `session:${id}`)
      await audit.record(write.transaction, write, { action: 'sessions.end', target: `session:${id}` })
    },
  }

  // In a transaction of its own: the refusal rolls back the one in which the theft was noticed.
  async function endStolen(write: Write, sessionId: number): Promise<void> {
    const subject = `session:${sessionId}`
    await cache.write([subject], () =>
      database.transaction(async (transaction) => {
        const userId = await sessions.endFamily(transaction, sessionId)
        await revoke(write, subject)
        await audit.record(transaction, write, {
          action: 'sessions.reuse',
          target: subject,
          outcome: 'refused',
          details: { userId },
        })
      }),
    )
  }
}

export type SessionsService = ReturnType<typeof sessionsService>

/** What belongs to the person alone: a key of theirs does not reach it. @throws {AppError} `forbidden` */
export function mustBeSession({ principal }: Pick<Write, 'principal'>): void {
  if (principal.kind !== 'session') throw forbidden('An API key cannot do this: sign in.')
}

const staleRefresh = (): AppError =>
  new AppError('invalid_token', { detail: 'The refresh token is not valid, or no longer: sign in again.' })
