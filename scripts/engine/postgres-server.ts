/** One PostgreSQL server on a private unix socket, and on TCP for those who know the password. */

import { join } from 'node:path'
import { findPostgresBinary } from './binaries.ts'
import { createCluster, setUpDatabase, writeAccess } from './postgres-cluster.ts'
import { type PostgresHome, postgresHome } from './postgres-home.ts'
import { type Command, end, launch, untilReady } from './process.ts'
import type { RunningServer } from './redis-server.ts'
import { asks } from './sockets.ts'

export interface PostgresOptions {
  readonly directory: string
  readonly socketDirectory: string
  /** TCP port on loopback. Without it only the socket is served. */
  readonly port?: number
  readonly database?: string
  readonly user?: string
  /** Asked for on every connection. Without it whoever may enter the socket folder (mode 0700) is trusted. */
  readonly password?: string
  /** Settings of postgresql.conf on top of ours. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface PostgresAddress {
  readonly home: PostgresHome
  readonly url: string
  /** True once connections are taken. */
  answers(): Promise<boolean>
}

// The number is part of the socket's file name even where no port is opened.
const socketPort = (port: number | undefined) => port ?? 5432

/** Where the server is, or will be, reached. */
export function postgresAddress(options: PostgresOptions): PostgresAddress {
  const { port, database = 'sluice', user = 'sluice', password } = options
  const home = postgresHome(options.directory, options.socketDirectory)
  const credentials = password === undefined ? user : `${user}:${encodeURIComponent(password)}`
  const socket = { path: join(home.sockets, `.s.PGSQL.${socketPort(port)}`) }
  return {
    home,
    url: `postgres://${credentials}@localhost:${socketPort(port)}/${database}?host=${home.sockets}`,
    answers: () => asks(socket, startup(user, database), (answer) => !answer.includes(notYet)),
  }
}

/** Makes the cluster and the database if they do not exist yet, and says how to run the server. Not while it runs. */
export async function postgresCommand({ home }: PostgresAddress, options: PostgresOptions): Promise<Command> {
  const { port, database = 'sluice', user = 'sluice', password } = options
  await createCluster(home, { user, password })
  writeAccess(home, password !== undefined)
  await setUpDatabase(home, { user, password, database })
  const settings = {
    listen_addresses: port === undefined ? '' : '127.0.0.1',
    port: String(socketPort(port)),
    unix_socket_directories: home.sockets,
    unix_socket_permissions: '0700',
    ...options.settings,
  }
  return {
    program: findPostgresBinary('postgres'),
    args: [
      '-D',
      home.data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC' },
    ...(home.user && { user: home.user }),
  }
}

// The first message of the protocol. Any reply but "cannot connect now" comes from a server that takes connections.
const notYet = '57P03'
function startup(user: string, database: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + parameters.length, 0)
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, parameters])
}

/** Starts a server and waits until it takes connections. */
export async function startPostgres(
  options: PostgresOptions & { readonly logFile: string },
): Promise<RunningServer & { readonly socketDirectory: string; readonly port: number }> {
  const address = postgresAddress(options)
  const child = launch(await postgresCommand(address, options), { logFile: options.logFile, detached: false })
  try {
    await untilReady(child, address.answers, {
      name: 'postgres',
      logFile: options.logFile,
      timeoutMs: 60_000,
    })
  } catch (error) {
    await end(child, 'SIGQUIT', 5_000)
    throw error
  }
  return {
    url: address.url,
    socketDirectory: address.home.sockets,
    port: socketPort(options.port),
    pid: child.pid ?? 0,
    // SIGINT ends sessions and writes a checkpoint; SIGTERM would wait for every client to leave.
    stop: () => end(child, 'SIGINT', 20_000),
  }
}
