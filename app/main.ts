/** One replica: loads the settings, composes, listens, and drains when it is asked to stop. */

import { rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import closeWithGrace from 'close-with-grace'
import { demoAccountsPresent } from '#modules/users/index.ts'
import { localServer } from '#platform/local-server.ts'
import { isApplicationsAddress } from '#platform/postgres-login.ts'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { ConfigError, loadConfig } from './load-config.ts'

type Application = Awaited<ReturnType<typeof compose>>

// Else V8 allocates in the old generation whatever outlived its first collection at a time of much to do, for good: there
// each later one of its kind, and all that it refers to, waits for a full collection (docs/performance.md).
setFlagsFromString('--no-allocation-site-pretenuring')

try {
  await run()
} catch (error) {
  for (const line of refusalToStart(error)) console.error(line)
  // Connections to Postgres and Redis are open by now, and would keep a process that serves nothing alive.
  process.exit(error instanceof ConfigError ? ConfigError.exitCode : 1)
}

/** Small answers are text, which is held in V8's heap. @throws {ConfigError} */
function requireRoomFor({ CACHE_L1_MAX_BYTES: bytes }: Config): void {
  const heapBytes = getHeapStatistics().heap_size_limit
  if (bytes <= heapBytes / 2) return
  const advice = 'lower it, or raise --max-old-space-size in NODE_OPTIONS'
  throw new ConfigError([
    `CACHE_L1_MAX_BYTES=${bytes}: more than half of a heap of ${heapBytes} bytes; ${advice}`,
  ])
}

async function run(): Promise<void> {
  const config = loadConfig(process.env)
  requireRoomFor(config)
  const application = await compose(config)
  const { app, logger } = application
  if (!isApplicationsAddress(config.DATABASE_URL)) {
    logger.warn(
      'DATABASE_URL does not sign in as sluice_app: who gets SQL of their own through could change the audit trail',
    )
  }
  await refuseDemoLeftovers(config, application)
  await app.ready()

  const servers = [app.server]
  const address = { host: config.HOST, port: config.PORT }
  await listening(app.server, address)
  /** Where the balancer comes in. */
  let door = { server: app.server, listen: () => listening(app.server, address) }
  if (config.SOCKET_PATH !== '') {
    // The balancer on this host: a unix socket spares the two of them 16 to 20 CPU µs a request.
    rmSync(config.SOCKET_PATH, { force: true })
    const local = localServer(app.routing)
    local.on('clientError', app.server.listeners('clientError')[0] as never)
    servers.push(local)
    door = { server: local, listen: () => listening(local, { path: config.SOCKET_PATH }) }
    await door.listen()
  }
  application.onPresence((presence) => {
    // The balancer passes over who takes no connection; what it holds open is answered, and closed (docs/failover.md).
    if (presence === 'drained') stopListening(door.server, () => {})
    if (presence === 'serving')
      door.listen().catch((error) => logger.error({ err: error }, 'cannot serve again'))
  })
  await application.start()
  logger.info({ port: config.PORT, socket: config.SOCKET_PATH }, 'listening')

  closeWithGrace({ delay: config.DRAIN_TIMEOUT_MS + 5_000, logger }, async ({ signal, err }) => {
    if (err) logger.error({ err }, 'stopping after an error that nobody caught')
    else logger.info({ signal }, 'draining')
    application.drain()
    await drained(servers, config.DRAIN_TIMEOUT_MS)
    await application.close()
  })
}

/** What the person who starts it can mend, a line each. @throws whatever else went wrong. */
function refusalToStart(error: unknown): string[] {
  if (error instanceof ConfigError) return error.message.split('\n').map((line) => `config: ${line}`)
  const { code, address = '', port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  const where = port === undefined ? address : `${address}:${port}`
  const setting = port === undefined ? 'SOCKET_PATH' : 'PORT'
  if (code === 'EADDRINUSE') {
    return [`listen: ${where} is taken by another process: stop it, or set ${setting} to another`]
  }
  if (code === 'EACCES' && where !== '')
    return [`listen: ${where} may not be used: set ${setting} to another`]
  throw error
}

/** Accounts with published passwords must not serve outside of demo mode; nor can they while it is not known whether they exist. */
async function refuseDemoLeftovers({ DEMO }: Config, { database, logger }: Application): Promise<void> {
  while (!DEMO) {
    try {
      if (!(await demoAccountsPresent(database))) return
      throw new ConfigError([
        'DEMO=false, but the demo accounts or keys are in the database: run make demo-purge, or set DEMO=true',
      ])
    } catch (error) {
      if (error instanceof ConfigError) throw error
      logger.warn({ err: error }, 'waiting for the database, to see that no demo account is left in it')
      await pause(1_000)
    }
  }
}

function listening(server: Server, where: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...where, backlog: 1_024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Takes no more connections; calls `closed` when the last of those there are is gone. */
const stopListening = (server: Server, closed: () => void): void => {
  NetServer.prototype.close.call(server, closed)
}

/**
 * Stops accepting, answers what still arrives on open connections, and waits until the balancer has closed them all.
 * http.Server.close would close idle connections at once: a request already on its way to one of them would be lost.
 */
async function drained(servers: readonly Server[], timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => {
    for (const server of servers) server.closeAllConnections()
  }, timeoutMs)
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => stopListening(server, () => resolve()))),
  )
  clearTimeout(timer)
}
