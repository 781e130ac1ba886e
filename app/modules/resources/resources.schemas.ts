import { type Static, Type } from 'typebox'
import { Id, nullableText, Time } from '#http/schemas.ts'

const metadata = { type: 'object', additionalProperties: true, maxProperties: 100 }
const Metadata = Type.Unsafe<Record<string, unknown>>(metadata)
/** A page holds a hundred of them. */
const NewMetadata = Type.Unsafe<Record<string, unknown>>({
  ...metadata,
  maxJsonLength: 16 * 1024,
  description: 'at most 16,384 characters as JSON',
})

export const Resource = Type.Object(
  {
    id: Id,
    name: Type.String(),
    type: Type.String(),
    description: nullableText(2_000),
    metadata: Metadata,
    ownerId: Id,
    createdAt: Time,
    updatedAt: Time,
  },
  { title: 'Resource' },
)
export type Resource = Static<typeof Resource>

export const NewResource = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    type: Type.String({ minLength: 1, maxLength: 50 }),
    description: Type.Optional(nullableText(2_000)),
    metadata: Type.Optional(NewMetadata),
  },
  {
    title: 'NewResource',
    additionalProperties: false,
    examples: [{ name: 'Handbook', type: 'document', metadata: { pages: 48 } }],
  },
)
