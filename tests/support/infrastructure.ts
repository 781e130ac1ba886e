/**
 * One Postgres and one Redis of our own for a whole run, on unix sockets in a temporary folder, and in that Postgres
 * the migrated template that every test file clones.
 */

import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#platform/migrations.ts'
import { identify, isAlive, record, recorded, signal } from '#scripts/engine/identity.ts'
import { startPostgres } from '#scripts/engine/postgres-server.ts'
import { type RunningServer, startRedis } from '#scripts/engine/redis-server.ts'

export interface Addresses {
  /** The template database: clone it, never connect to it. */
  readonly templateUrl: string
  readonly redisUrl: string
}

export interface Infrastructure extends Addresses, AsyncDisposable {
  stop(): Promise<void>
}

// Nothing here outlives the run, so nothing waits for a disk. Durability is tested on the stack, which does wait.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '64MB',
  autovacuum: 'off',
}

const prefix = 'sluice-tests-'

export async function startInfrastructure(): Promise<Infrastructure> {
  removeRemains()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  remember(join(folder, ownerFile), process.pid)
  // Passable, not readable: Postgres runs as a user of its own, in a folder of its own below.
  chmodSync(folder, 0o711)
  const started: RunningServer[] = []
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  const track = async <S extends RunningServer>(starting: Promise<S>): Promise<S> => {
    const server = await starting
    started.push(server)
    remember(join(folder, `${server.pid}.pid`), server.pid)
    return server
  }
  const [postgres, redis] = await Promise.allSettled([
    track(
      startPostgres({
        directory: join(folder, 'postgres'),
        socketDirectory: join(folder, 'sockets'),
        logFile: join(folder, 'postgres.log'),
        database: 'template_sluice',
        settings,
      }),
    ),
    track(
      startRedis({
        directory: join(folder, 'redis'),
        socketPath: join(folder, 'redis.sock'),
        logFile: join(folder, 'redis.log'),
      }),
    ),
  ])
  try {
    if (postgres.status === 'rejected') throw postgres.reason
    if (redis.status === 'rejected') throw redis.reason
    await migrate(postgres.value.url)
  } catch (error) {
    await stop()
    throw error
  }
  return { templateUrl: postgres.value.url, redisUrl: redis.value.url, stop, [Symbol.asyncDispose]: stop }
}

/** What a killed run left behind: its servers are ended, its folder is removed. */
function removeRemains(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const owner = recorded(join(folder, ownerFile))
    if (owner === undefined || isAlive(owner)) continue
    for (const file of readdirSync(folder).filter((file) => file.endsWith('.pid'))) {
      const server = recorded(join(folder, file))
      if (server !== undefined) signal(server, 'SIGQUIT')
    }
    rmSync(folder, { recursive: true, force: true })
  }
}

const ownerFile = 'owner.pid'

function remember(file: string, pid: number): void {
  const identity = identify(pid)
  if (identity !== undefined) record(file, identity)
}
