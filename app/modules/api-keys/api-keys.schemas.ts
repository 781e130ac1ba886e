import { type Static, Type } from 'typebox'
import { Id, Time } from '#http/schemas.ts'
import { AccountTier } from '#modules/users/index.ts'

const strict = { additionalProperties: false }
const NullableTime = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' })

/** A permission, or `*` where a key of the demo holds all. */
const Scope = Type.String({ maxLength: 100 })

export const ApiKey = Type.Object(
  {
    id: Id,
    name: Type.String(),
    scopes: Type.Array(Scope),
    tier: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'null: the tier of the account; never above it',
    }),
    limitPerMinute: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'requests a minute; null: the figure of the tier',
    }),
    createdAt: Time,
    expiresAt: NullableTime,
    lastUsedAt: NullableTime,
  },
  { title: 'ApiKey' },
)
export type ApiKey = Static<typeof ApiKey>
export const ApiKeys = Type.Object({ data: Type.Array(ApiKey) })

export const NewApiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Type.Optional(
      Type.Array(Scope, {
        maxItems: 100,
        uniqueItems: true,
        description: 'permissions you hold; none by default',
      }),
    ),
    tier: Type.Optional(AccountTier),
    limitPerMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'a limit of its own; never above that of the tier',
      }),
    ),
    expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'in the future' })),
  },
  { ...strict, title: 'NewApiKey', examples: [{ name: 'reporting', scopes: [] }] },
)
export type NewApiKey = Static<typeof NewApiKey>

export const ShownApiKey = Type.Object(
  {
    ...ApiKey.properties,
    key: Type.String({ description: 'the secret; shown this once' }),
  },
  { title: 'ShownApiKey' },
)
export type ShownApiKey = Static<typeof ShownApiKey>

export const Rotation = Type.Object(
  {
    overlapSeconds: Type.Integer({
      minimum: 0,
      maximum: 7 * 86_400,
      default: 86_400,
      description: 'how long the old key goes on',
    }),
  },
  { ...strict, title: 'Rotation', examples: [{ overlapSeconds: 3600 }] },
)
export type Rotation = Static<typeof Rotation>
