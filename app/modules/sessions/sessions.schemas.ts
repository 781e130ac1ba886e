import { type Static, Type } from 'typebox'
import { Id, Time } from '#http/schemas.ts'
import { Email, PersonName, User } from '#modules/users/index.ts'

const strict = { additionalProperties: false }

/** As typed at sign-in: any length up to the longest allowed, so that its rules can change without locking anyone out. */
const TypedPassword = Type.String({ minLength: 1, maxLength: 128 })
export const NewPassword = Type.String({ minLength: 12, maxLength: 128 })

export const SignIn = Type.Object(
  { email: Email, password: TypedPassword },
  { ...strict, title: 'SignIn', examples: [{ email: 'user@example.com', password: 'user123' }] },
)
export type SignIn = Static<typeof SignIn>

export const Registration = Type.Object(
  { email: Email, password: NewPassword, name: PersonName },
  {
    ...strict,
    title: 'Registration',
    examples: [{ email: 'ben@example.org', password: 'a long enough sentence', name: 'Ben Example' }],
  },
)
export type Registration = Static<typeof Registration>

/** Null: no body at all, where the cookie brings the token. */
export const Refresh = Type.Unsafe<{ refreshToken?: string } | null>({
  type: ['object', 'null'],
  properties: { refreshToken: { type: 'string', maxLength: 200 } },
  additionalProperties: false,
  examples: [{ refreshToken: 'as the sign-in gave it' }],
})
export type Refresh = Static<typeof Refresh>

/** Where the refresh token goes: a browser asks for a cookie that no script can read. */
export const Delivery = Type.Object(
  { refreshToken: Type.Enum(['body', 'cookie'], { default: 'body' }) },
  strict,
)
export type Delivery = Static<typeof Delivery>

export const SignedIn = Type.Object(
  {
    token: Type.String(),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ description: 'seconds' }),
    refreshToken: Type.Optional(Type.String()),
    user: User,
  },
  { title: 'SignedIn' },
)
export type SignedIn = Static<typeof SignedIn>

export const Me = Type.Object(
  {
    user: User,
    tier: Type.String(),
    permissions: Type.Array(Type.String()),
    rateLimit: Type.Object({ policy: Type.String(), limit: Type.Integer(), windowSeconds: Type.Integer() }),
  },
  { title: 'Me' },
)

export const NewName = Type.Object(
  { name: PersonName },
  { ...strict, title: 'NewName', examples: [{ name: 'Ann Other' }] },
)

export const PasswordChange = Type.Object(
  { currentPassword: TypedPassword, newPassword: NewPassword },
  {
    ...strict,
    title: 'PasswordChange',
    examples: [{ currentPassword: 'admin123', newPassword: 'a long enough sentence' }],
  },
)
export type PasswordChange = Static<typeof PasswordChange>

const nullable = (type: string, more = {}) => Type.Unsafe<string | null>({ type: [type, 'null'], ...more })

const SessionView = Type.Object(
  {
    id: Id,
    userAgent: Type.String(),
    address: Type.String(),
    createdAt: Time,
    lastUsedAt: Time,
    isCurrent: Type.Boolean(),
    endedAt: nullable('string', { format: 'date-time' }),
    endReason: nullable('string'),
  },
  { title: 'Session' },
)
export const SessionViews = Type.Object({ data: Type.Array(SessionView) })

/** RFC 7517, of Ed25519 keys (RFC 8037). */
export const Jwks = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.String(),
      crv: Type.String(),
      x: Type.String(),
      kid: Type.String(),
      alg: Type.String(),
      use: Type.String(),
    }),
  ),
})
