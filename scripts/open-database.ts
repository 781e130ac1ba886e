/** The database that the settings name, for a script that does one thing and ends. */

import type { Config } from '#app/config.ts'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { signInAt } from '#platform/postgres-login.ts'

export interface ScriptDatabaseOptions {
  readonly maxConnections?: number
  /** 0 for no bound. */
  readonly statementTimeoutMs?: number
}

/** `name` is shown by `pg_stat_activity`. */
export function openDatabase(
  config: Config,
  name: string,
  { maxConnections = 1, statementTimeoutMs = 30_000 }: ScriptDatabaseOptions = {},
): Postgres {
  return openPostgres({
    url: config.DATABASE_URL,
    ...signInAt(config.SECRETS_DIR, config.DATABASE_URL),
    maxConnections,
    statementTimeoutMs,
    name,
  })
}
