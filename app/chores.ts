/** What every replica does now and then: forgets what is older than it is kept. */

import type { Database } from '#kernel/database.ts'
import { type Housekeeping, housekeeping } from '#platform/housekeeping.ts'
import type { Logger } from '#platform/logger.ts'
import { forgetOldKeys } from '#platform/postgres-idempotency.ts'
import { forgetOldRequests } from '#platform/request-log.ts'
import type { Config } from './config.ts'

export interface ChoresDeps {
  readonly config: Config
  readonly database: Database
  readonly logger: Logger
  readonly forgetOldSessions: () => Promise<unknown>
}

export function choresOf({ config, database, logger, forgetOldSessions }: ChoresDeps): Housekeeping {
  const oldRequests = () => forgetOldRequests(database, config.REQUEST_LOG_HOURS)
  return housekeeping(
    [
      { name: 'forget old idempotency keys', everyMs: 10 * 60_000, work: () => forgetOldKeys(database) },
      { name: 'forget old requests', everyMs: 10 * 60_000, work: oldRequests },
      { name: 'forget old sessions', everyMs: 60 * 60_000, work: forgetOldSessions },
    ],
    (chore, error) => logger.warn({ err: error, chore }, 'a chore failed'),
  )
}
