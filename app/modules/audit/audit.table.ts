import { bigint, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

export const auditTable = pgTable('audit_entries', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  actorId: bigint('actor_id', { mode: 'number' }),
  actorKind: text('actor_kind').notNull(),
  credentialId: bigint('credential_id', { mode: 'number' }),
  action: text().notNull(),
  target: text().notNull(),
  outcome: text().notNull(),
  address: text().notNull(),
  requestId: text('request_id').notNull(),
  details: jsonb().notNull(),
})
