import { type Static, Type } from 'typebox'
import { Id, Time } from '#http/schemas.ts'

export const Email = Type.String({ format: 'email', maxLength: 254 })
/** At least one visible character, no control characters. Each character fits one part only: no text makes it look back. */
export const PersonName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\S\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
})
export const AccountTier = Type.Enum(['free', 'pro', 'enterprise'])
export const RoleName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' })

export const User = Type.Object(
  {
    id: Id,
    email: Type.String(),
    name: Type.String(),
    role: Type.String(),
    tier: AccountTier,
    isActive: Type.Boolean(),
    createdAt: Time,
    updatedAt: Time,
  },
  { title: 'User' },
)
export type User = Static<typeof User>

export const NewUser = Type.Object(
  { name: PersonName, email: Email, role: Type.Optional(RoleName), tier: Type.Optional(AccountTier) },
  {
    title: 'NewUser',
    additionalProperties: false,
    examples: [{ name: 'Ann Example', email: 'ann@example.org' }],
  },
)
export type NewUser = Static<typeof NewUser>

export const UserChanges = Type.Object(
  {
    name: Type.Optional(PersonName),
    email: Type.Optional(Email),
    role: Type.Optional(RoleName),
    tier: Type.Optional(AccountTier),
    isActive: Type.Optional(Type.Boolean()),
  },
  { title: 'UserChanges', additionalProperties: false, minProperties: 1, examples: [{ name: 'Ann Other' }] },
)
export type UserChanges = Static<typeof UserChanges>

export const InvitedUser = Type.Object(
  {
    ...User.properties,
    invitationToken: Type.String({ description: 'shown once; sets the first password' }),
    invitationExpiresAt: Time,
  },
  { title: 'InvitedUser' },
)
export type InvitedUser = Static<typeof InvitedUser>
