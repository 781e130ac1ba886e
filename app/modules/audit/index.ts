/** Who did what: written by the other modules through `auditTrail`, read by admins, never changed. */

import { getTableColumns } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listOf, listQuery, readListQuery } from '#http/list-query.ts'
import { sendRepresentation } from '#http/read.ts'
import { representationOf } from '#http/representation.ts'
import { refusals } from '#http/schemas.ts'
import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import { pagesOf } from '#platform/pages.ts'
import { AuditEntry, auditFilters, type AuditEntry as Entry } from './audit.schemas.ts'
import { auditTable } from './audit.table.ts'
import type { RefusalTrail } from './refusal-trail.ts'

export { auditFeed } from './audit-feed.ts'
export { auditMetrics } from './audit-metrics.ts'
export { type Actor, type AuditEvent, type AuditTrail, auditTrail } from './audit-trail.ts'
export { type CountedTrail, countedTrail } from './counted-trail.ts'
export { type RefusalTrail, refusalTrail } from './refusal-trail.ts'

export interface AuditDeps {
  readonly database: Database
  readonly refused: RefusalTrail
}

export function audit({ database, refused }: AuditDeps) {
  const page = pagesOf<Entry>({
    table: auditTable,
    columns: getTableColumns(auditTable),
    id: auditTable.id,
    sorts: { createdAt: auditTable.createdAt },
    filters: {
      actorId: auditTable.actorId,
      action: auditTable.action,
      target: auditTable.target,
      outcome: auditTable.outcome,
    },
  })
  const represent = representationOf(listOf(AuditEntry))
  const query = listQuery(['createdAt'], auditFilters, Object.keys(AuditEntry.properties))

  return {
    permissions: ['audit:read'] as const,

    routes(app: FastifyInstance): void {
      app.addHook('onError', recordRefusal)
      app.get(
        '/api/v1/admin/audit',
        {
          config: { permission: 'audit:read' },
          schema: {
            summary: 'Read the audit trail',
            tags: ['admin'],
            querystring: query,
            response: { 200: listOf(AuditEntry), ...refusals },
          },
        },
        async (request, reply) => {
          const asked = readListQuery(request.query as never)
          const { rows, nextCursor } = await page(database, asked)
          const entries = represent({ data: rows, pagination: { limit: asked.limit, nextCursor } })
          const next = nextCursor === null ? {} : { next: nextCursor }
          return sendRepresentation(request, reply, { ...entries, ...next })
        },
      )
    },
  }

  /** What was refused to somebody known is of interest; the answer does not wait for it. */
  function recordRefusal(
    request: FastifyRequest,
    _reply: FastifyReply,
    error: Error,
    done: () => void,
  ): void {
    done()
    if (!(error instanceof AppError && error.code === 'forbidden')) return
    const { principal, clientAddress, id: requestId, method, routeOptions } = request
    const target = `${method} ${routeOptions.url}`
    refused.note({ principal, clientAddress, requestId }, { action: 'requests.refuse', target })
  }
}
