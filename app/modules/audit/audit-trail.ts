/** Writes the audit trail: in the transaction of what it records, so that neither exists without the other. */

import type { Session } from '#kernel/database.ts'
import type { Principal } from '#kernel/principal.ts'

/** From where something was done, and by whom: a `Write` is one, and so is a request. */
export interface Actor {
  readonly principal: Principal
  readonly requestId: string
  readonly clientAddress: string
}

export interface AuditEvent {
  /** `users.close`, `sessions.open`: the resource and what happened to it. */
  readonly action: string
  /** `user:7`, `role:editor`. */
  readonly target: string
  readonly outcome?: 'done' | 'refused'
  /** Never a secret, never more of a person than an id. */
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AuditTrail {
  record(session: Session, actor: Actor, event: AuditEvent): Promise<void>
}

const insert = `insert into audit_entries
    (actor_id, actor_kind, credential_id, action, target, outcome, address, request_id, details)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)`

export const auditTrail: AuditTrail = {
  async record(session, { principal, requestId, clientAddress }, event) {
    const { action, target, outcome = 'done', details = {} } = event
    await session.text(insert, [
      principal.userId || null,
      principal.kind,
      principal.credentialId || null,
      action,
      target,
      outcome,
      clientAddress,
      requestId,
      JSON.stringify(details),
    ])
  },
}
