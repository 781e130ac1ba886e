/** A Postgres that one test has to itself: to fill it, to take its connections, to end its sessions. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#platform/migrations.ts'
import { startPostgres } from '#scripts/engine/postgres-server.ts'
import type { Scope } from './scope.ts'

const settings = { fsync: 'off', shared_buffers: '16MB', autovacuum: 'off' }

/**
 * Resolves with the address of a migrated, empty database; the server is stopped when `t` ends.
 * @param own - settings of postgresql.conf on top
 * @param directory - where it keeps its data, if that matters
 */
export async function ownPostgres(
  t: Scope,
  own: Readonly<Record<string, string>> = {},
  directory?: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-postgres-'))
  // Passable: Postgres runs as a user of its own.
  chmodSync(folder, 0o711)
  const server = await startPostgres({
    directory: directory ?? join(folder, 'data'),
    socketDirectory: join(folder, 'run'),
    logFile: join(folder, 'postgres.log'),
    settings: { ...settings, ...own },
  })
  t.teardown(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await migrate(server.url)
  return server.url
}
