/** What an admin does to the running system stands in the audit trail; where that cannot be written, in the log. */

import type { FastifyRequest } from 'fastify'
import type { Database } from '#kernel/database.ts'
import type { AuditEvent, AuditTrail } from '#modules/audit/index.ts'

export interface AuditedDeps {
  readonly database: Database
  readonly audit: AuditTrail
  readonly warn: (details: object, message: string) => void
}

/**
 * Called once it is done. An operator who forces a breaker because the database is away must not be stopped by the
 * database being away.
 */
export type Audited = (request: FastifyRequest, event: AuditEvent) => Promise<void>

export const audited =
  ({ database, audit, warn }: AuditedDeps): Audited =>
  async ({ principal, id: requestId, clientAddress }, event) => {
    try {
      await audit.record(database.autocommit, { principal, requestId, clientAddress }, event)
    } catch (error) {
      warn({ err: error, requestId, userId: principal.userId, ...event }, 'done, but not in the audit trail')
    }
  }
