import { type Static, Type } from 'typebox'
import { Id, nullableText, Time } from '#http/schemas.ts'

/** Minor units of the currency: no fractions of a cent, no rounding. */
const PriceCents = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
})

export const Item = Type.Object(
  {
    id: Id,
    title: Type.String(),
    description: nullableText(2_000),
    priceCents: PriceCents,
    owner: Type.Object({ id: Id, name: Type.String() }),
    createdAt: Time,
    updatedAt: Time,
  },
  { title: 'Item' },
)
export type Item = Static<typeof Item>

export const NewItem = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(nullableText(2_000)),
    priceCents: Type.Optional(PriceCents),
  },
  {
    title: 'NewItem',
    additionalProperties: false,
    examples: [{ title: 'Green tea', description: 'Loose leaves, 100 g', priceCents: 890 }],
  },
)
