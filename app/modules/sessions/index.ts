/** Signing in, staying signed in and ending it: the doors for people. Keys for programs are `api-keys`. */

import type { FastifyInstance } from 'fastify'
import type { Revoke } from '#http/revoke.ts'
import { refusals } from '#http/schemas.ts'
import type { Writes } from '#http/write.ts'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database } from '#kernel/database.ts'
import type { Limiter, Policy } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import type { Revocations } from '#kernel/revocations.ts'
import type { AuditTrail, RefusalTrail } from '#modules/audit/index.ts'
import type { UsersService, UsersStore } from '#modules/users/index.ts'
import type { AccessTokens } from '#platform/access-tokens.ts'
import type { Passwords } from '#platform/passwords.ts'
import type { Deliver } from './delivery.ts'
import { forgetOld } from './forget-old.ts'
import { meRoutes } from './me.routes.ts'
import { meService } from './me.service.ts'
import { passwordResetRoutes } from './password-reset.routes.ts'
import { passwordReset } from './password-reset.service.ts'
import { refreshTokens } from './refresh-token.ts'
import { registering } from './registration.service.ts'
import { sessionCheck } from './session-check.ts'
import { Jwks } from './sessions.schemas.ts'
import { sessionsService } from './sessions.service.ts'
import { type SessionLives, sessionsStore } from './sessions.store.ts'
import { signInRoutes } from './sign-in.routes.ts'
import { signIn } from './sign-in.service.ts'
import { signInThrottle } from './sign-in-throttle.ts'

export { credentialCheck } from './credentials.ts'
export { consoleDelivery, type Deliver, noDelivery } from './delivery.ts'

export interface SessionsDeps {
  readonly database: Database
  readonly cache: Cache
  readonly write: Writes
  readonly audit: AuditTrail
  /** Told of throttled sign-ins. */
  readonly refused: RefusalTrail
  /** Told of what failed without anybody's request failing. */
  readonly warn: (details: object, message: string) => void
  readonly revoke: Revoke
  readonly revocations: Revocations
  readonly limiter: Limiter
  readonly policies: Readonly<Record<Tier, Policy>>
  /** What `users()` returned. */
  readonly users: { readonly store: UsersStore; readonly service: UsersService }
  readonly tokens: AccessTokens
  readonly passwords: Passwords
  /** How reset tokens reach people. */
  readonly deliver: Deliver
  /** Secret from which refresh tokens follow; the same on every replica. */
  readonly serverKey: string
  readonly lives: SessionLives
  /** Failures one account may see in 15 minutes from one address. */
  readonly failuresPerAccount: number
  /** Sign-ins and registrations of one address in a minute. */
  readonly triesPerAddress: number
  /** Pages that may refresh by cookie, besides those of the same origin. */
  readonly allowedOrigins: readonly string[]
  /** Every permission of every module; complete before the first request. */
  readonly declared: ReadonlySet<string>
}

export function sessions(deps: SessionsDeps) {
  const { database, write, tokens, lives, allowedOrigins } = deps
  const store = sessionsStore(lives)
  const throttle = signInThrottle(deps)
  const parts = { ...deps, users: deps.users.store, sessions: store, throttle }
  const service = sessionsService({ ...parts, refreshTokens: refreshTokens(deps.serverKey) })
  const me = meService({ ...parts, accounts: deps.users.service, service })
  const openDoors = signInRoutes({
    service,
    signIn: signIn(parts),
    register: registering(parts),
    write,
    allowedOrigins,
    refreshSeconds: lives.idleSeconds,
  })
  const ownDoors = meRoutes({ me, sessions: service, write })
  const resetDoors = passwordResetRoutes({ reset: passwordReset(parts), write })

  return {
    permissions: [] as const,

    routes(app: FastifyInstance): void {
      openDoors(app)
      ownDoors(app)
      resetDoors(app)
      app.get(
        '/.well-known/jwks.json',
        {
          config: { public: true, cost: 0 },
          schema: {
            summary: 'Keys that verify access tokens',
            tags: ['accounts'],
            response: { 200: Jwks, ...refusals },
          },
        },
        async (_request, reply) => {
          reply.header('cache-control', 'public, max-age=60')
          return tokens.jwks()
        },
      )
    },

    /** Clears away what is over; to be called now and then. */
    forgetOld: () => forgetOld(database, lives),

    /** What an access token means. */
    check: sessionCheck({ ...deps, database, sessions: store }),
  }
}
