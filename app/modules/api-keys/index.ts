/** API keys: credentials for programs, owned by an account, with a part of what it may do. */

import type { Revoke } from '#http/revoke.ts'
import type { Writes } from '#http/write.ts'
import type { Database } from '#kernel/database.ts'
import type { Policy } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import type { AuditTrail } from '#modules/audit/index.ts'
import { apiKeysRoutes } from './api-keys.routes.ts'
import { apiKeysService } from './api-keys.service.ts'
import { keyCheck } from './key-check.ts'
import { lastUsed } from './last-used.ts'

export { apiKeyHash, newApiKey } from './api-key.ts'

export interface ApiKeysDeps {
  readonly database: Database
  readonly write: Writes
  readonly audit: AuditTrail
  readonly revoke: Revoke
  /** Whether the keys of the demo are accepted. */
  readonly isDemo: boolean
  /** Every permission of every module; complete before the first request. */
  readonly declared: ReadonlySet<string>
  readonly policies: Readonly<Record<Tier, Policy>>
}

export function apiKeys({ database, write, audit, revoke, isDemo, declared, policies }: ApiKeysDeps) {
  const uses = lastUsed(database)
  return {
    permissions: [] as const,
    routes: apiKeysRoutes({ database, service: apiKeysService({ audit, revoke }), write }),
    /** What an API key means. */
    check: keyCheck({ database, isDemo, declared, policies, used: uses.note }),
    /** Writes what is still to be written. */
    close: uses.flush,
  }
}
