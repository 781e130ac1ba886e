/**
 * Access tokens: JWTs after RFC 9068, signed with Ed25519 (RFC 8037). The newest key signs, every one is accepted,
 * and a folder of keys is looked at again every few seconds: rotation needs no restart.
 */

import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import { AppError } from '#kernel/errors.ts'
import type { Tier } from '#kernel/principal.ts'
import type { SigningKey, SigningKeys } from './signing-keys.ts'

export interface AccessClaims {
  /** The account's id. */
  readonly sub: string
  /** The session's id. */
  readonly sid: number
  readonly role: string
  readonly tier: Tier
  /** As the role grants them: enough to go on while the database cannot be asked. */
  readonly permissions: readonly string[]
}

export interface VerifiedClaims extends AccessClaims {
  /** Unix seconds. */
  readonly iat: number
  readonly exp: number
}

export interface AccessTokens {
  readonly ttlSeconds: number
  sign(claims: AccessClaims): Promise<string>
  /** @throws {AppError} `invalid_token`, whatever is wrong with it. */
  verify(token: string): Promise<VerifiedClaims>
  /** RFC 7517: the public halves of all accepted keys. */
  jwks(): Promise<{ keys: SigningKey['jwk'][] }>
}

export interface AccessTokenOptions {
  readonly keys: SigningKeys
  readonly issuer: string
  readonly audience: string
  readonly ttlSeconds: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const maxTokenLength = 4_096
const lookAgainAfterMs = 5_000
const strangerLookAfterMs = 500

/** @throws {Error} when there is no key: nobody could sign in. */
export async function accessTokens(options: AccessTokenOptions): Promise<AccessTokens> {
  const { keys: source, ttlSeconds, now } = options
  let keys = new Map<string, AcceptedKey>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    const kids = await source.ids()
    const found = new Map<string, AcceptedKey>()
    for (const kid of kids) found.set(kid, keys.get(kid) ?? (await accept(await source.read(kid), options)))
    if (found.size === 0) throw new Error(`no signing key in ${source.place}`)
    keys = found
    lookedAt = now()
  }
  /** Looks at the keys unless that was done less than `maxAgeMs` ago; an unreadable folder leaves them as they are. */
  const upToDate = async (maxAgeMs: number): Promise<void> => {
    if (now() - lookedAt < maxAgeMs) return
    looking ??= look().finally(() => {
      looking = undefined
    })
    await looking.catch((error: unknown) => {
      if (keys.size === 0) throw error
      lookedAt = now()
    })
  }
  await upToDate(0)

  return {
    ttlSeconds,
    async sign(claims) {
      await upToDate(lookAgainAfterMs)
      const newest = [...keys.values()].at(-1)
      if (newest === undefined) throw new Error('no signing key')
      return newest.jwt.sign({ ...claims })
    },
    async verify(token) {
      const kid = keyIdOf(token)
      await upToDate(keys.has(kid) ? lookAgainAfterMs : strangerLookAfterMs)
      const key = keys.get(kid)
      if (key === undefined) throw invalidToken()
      try {
        return key.jwt.verify<VerifiedClaims>(token)
      } catch (error) {
        throw invalidToken(error)
      }
    },
    async jwks() {
      await upToDate(lookAgainAfterMs)
      return { keys: [...keys.values()].map(({ jwk }) => jwk) }
    },
  }
}

const invalidToken = (cause?: unknown): AppError =>
  new AppError('invalid_token', { detail: 'The access token is not valid, or no longer.', cause })

// What our own tokens carry. Any other header (jku, jwk, x5u, crit) asks to be believed about the key: refused unread.
const header = { alg: 'EdDSA', typ: 'at+jwt' }

function keyIdOf(token: string): string {
  if (token.length > maxTokenLength) throw invalidToken()
  const parts = token.split('.')
  if (parts.length !== 3 || parts.some((part) => part === '')) throw invalidToken()
  let claimed: unknown
  try {
    claimed = JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString())
  } catch (error) {
    throw invalidToken(error)
  }
  if (typeof claimed !== 'object' || claimed === null) throw invalidToken()
  const { alg, typ, kid, ...others } = claimed as Record<string, unknown>
  const isOurs = alg === header.alg && typ === header.typ && typeof kid === 'string'
  if (!isOurs || Object.keys(others).length > 0) throw invalidToken()
  return kid
}

interface AcceptedKey {
  readonly jwk: SigningKey['jwk']
  readonly jwt: fastifyJwt.JWT
}

// The plugin hangs on a Fastify instance and holds one key: each key gets an instance of its own that never listens, so
// that no request carries its decorations and no key is ever tried with another's algorithm.
async function accept(key: SigningKey, options: AccessTokenOptions): Promise<AcceptedKey> {
  const { issuer, audience, ttlSeconds } = options
  const host = Fastify()
  await host.register(fastifyJwt, {
    secret: { private: key.privateKey, public: key.publicKey },
    sign: { algorithm: 'EdDSA', kid: key.kid, iss: issuer, aud: audience, expiresIn: ttlSeconds, header },
    verify: {
      algorithms: ['EdDSA'],
      allowedIss: issuer,
      allowedAud: audience,
      checkTyp: header.typ,
      requiredClaims: ['iss', 'aud', 'sub', 'sid', 'iat', 'exp'],
      cache: false,
    },
  })
  return { jwk: key.jwk, jwt: host.jwt }
}
