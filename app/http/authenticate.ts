/**
 * Who is asking. A known credential costs one look-up; an unknown one is checked once. What is remembered is trusted
 * while the invalidation bus is (kernel/coherence), so that a revocation is felt everywhere at once; without the bus
 * it is checked again after half a second.
 */

import type { FastifyRequest } from 'fastify'
import type { CredentialMap } from '#kernel/credential-map.ts'
import { AppError } from '#kernel/errors.ts'
import { anonymous, type Principal } from '#kernel/principal.ts'
import type { Refusal, Room } from './rooms.ts'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal
    /** Why its credential is worth nothing; it is refused for that once it has spent from its address's bucket. */
    refusedFor: AppError | undefined
  }
  interface FastifyContextConfig {
    /** Its bearer is no principal's, and the route itself checks it. */
    hasOwnCredential?: true
  }
}

export interface AuthenticateDeps {
  readonly known: CredentialMap
  /** Finds out what a credential means. @throws {AppError} `invalid_token`, or `dependency_unavailable` when it cannot be told. */
  readonly check: (credential: string) => Promise<Principal>
  /** Whether revocations reach this process at the moment. */
  readonly isTrusted: () => boolean
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Longest life of an answer while revocations reach us: what a lost message could cost at worst. */
export const trustedForMs = 60_000
/** And while they do not (P10). */
export const untrustedForMs = 500

export function authenticate({ known, check, isTrusted, now }: AuthenticateDeps): Room {
  // One check per credential at a time, however many requests wait for it.
  const running = new Map<string, Promise<Principal>>()
  const checkOnce = (credential: string): Promise<Principal> => {
    const joined = running.get(credential)
    if (joined) return joined
    const mark = known.mark()
    const startedAt = now()
    const checking = check(credential)
      .then((principal) => {
        known.set(credential, principal, startedAt, mark)
        return principal
      })
      .finally(() => running.delete(credential))
    running.set(credential, checking)
    return checking
  }

  const checked = (request: FastifyRequest, credential: string): Promise<Refusal> =>
    checkOnce(credential).then(
      (principal) => {
        request.principal = principal
        return undefined
      },
      (error: Error) => {
        if (!(error instanceof AppError && error.code === 'invalid_token')) return error
        request.refusedFor = error
        return undefined
      },
    )

  return {
    enter(request) {
      request.principal = anonymous
      const { authorization, 'x-api-key': apiKey } = request.headers
      if (authorization === undefined && apiKey === undefined) return undefined
      if (request.rules.hasOwnCredential) return undefined
      const credential = authorization === undefined ? String(apiKey) : bearerOf(authorization)
      if (credential === undefined) {
        request.refusedFor = notBearer()
        return undefined
      }
      const age = isTrusted() ? trustedForMs : untrustedForMs
      const principal = known.get(credential, now() - age, Date.now())
      if (principal === undefined) return checked(request, credential)
      request.principal = principal
      return undefined
    },
  }
}

const notBearer = (): AppError =>
  new AppError('invalid_token', { detail: 'Authorization must be Bearer and one token.' })

/** The token of `Bearer <b64token>` (RFC 6750); undefined for anything else. */
function bearerOf(header: string): string | undefined {
  if (header.length > 4_096) return undefined
  return bearer.exec(header)?.[1]
}
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i
