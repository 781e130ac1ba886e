/** A connection of one's own to the Postgres of a stack: what a measurement does there, no replica hears of. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgres } from '#platform/postgres.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'

export const openDatabase = ({ layout }: RunningStack) =>
  openPostgres({
    url: `postgres://sluice@127.0.0.1:${layout.ports.postgres}/sluice`,
    password: readFileSync(join(layout.secrets, 'postgres-password'), 'utf8').trim(),
    maxConnections: 1,
    statementTimeoutMs: 30_000,
    name: 'prove',
  })
