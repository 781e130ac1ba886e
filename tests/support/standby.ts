/** A Postgres and a streaming copy of it, on ports of their own. */

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgresBinary } from '#scripts/engine/binaries.ts'
import { postgresHome } from '#scripts/engine/postgres-home.ts'
import { startPostgres } from '#scripts/engine/postgres-server.ts'
import type { Scope } from './scope.ts'

const password = 'standby'
const settings = { fsync: 'off', shared_buffers: '16MB', max_wal_senders: '4' }

export interface Server {
  readonly port: number
  stop(): Promise<void>
}

/** Both are stopped when the test ends. The standby is ready once it has caught up with what was there. */
export async function withStandby(
  t: Scope,
  ports: readonly [primary: number, standby: number],
): Promise<{ primary: Server; standby: Server; address: (...servers: Server[]) => string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-standby-'))
  // Passable: Postgres runs as a user of its own.
  chmodSync(folder, 0o711)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const start = async (name: string, port: number): Promise<Server> => {
    const server = await startPostgres({
      directory: join(folder, name, 'data'),
      socketDirectory: join(folder, name, 'run'),
      logFile: join(folder, `${name}.log`),
      port,
      password,
      settings,
    })
    t.teardown(() => server.stop())
    return server
  }
  const primary = await start('primary', ports[0])
  const home = postgresHome(join(folder, 'standby', 'data'), join(folder, 'standby', 'run'))
  const copied = spawnSync(
    findPostgresBinary('pg_basebackup'),
    ['-D', home.data, '-R', '-X', 'stream', '-d', `postgres://sluice@127.0.0.1:${ports[0]}`],
    {
      env: { PATH: process.env.PATH, PGPASSWORD: password, LC_ALL: 'C' },
      encoding: 'utf8',
      cwd: '/',
      ...home.user,
    },
  )
  if (copied.status !== 0) throw new Error(`pg_basebackup failed: ${copied.stderr}`)
  const standby = await start('standby', ports[1])
  return {
    primary,
    standby,
    address: (...servers) =>
      `postgres://sluice:${password}@${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/sluice`,
  }
}
