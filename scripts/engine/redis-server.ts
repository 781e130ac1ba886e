/** One redis-server on a private unix socket, with the configuration both engines share. */

import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findBinary } from './binaries.ts'
import { type Command, end, launch, untilReady } from './process.ts'
import { asks } from './sockets.ts'

export interface RedisOptions {
  readonly directory: string
  readonly socketPath: string
  /** TCP port on loopback; none without it. */
  readonly port?: number
  readonly configFile?: string
}

export interface RunningServer {
  readonly url: string
  readonly pid: number
  /** Resolves when the process is gone. */
  stop(): Promise<void>
}

const sharedConfiguration = join(import.meta.dirname, '..', '..', 'redis', 'redis.conf')

export function redisCommand({ directory, socketPath, port = 0, configFile }: RedisOptions): Command {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 })
  const settings = {
    dir: directory,
    port: String(port),
    bind: '127.0.0.1',
    unixsocket: socketPath,
    unixsocketperm: '700',
    daemonize: 'no',
  }
  return {
    program: findBinary('redis-server'),
    args: [
      configFile ?? sharedConfiguration,
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ],
  }
}

export const redisAnswers = (socketPath: string): Promise<boolean> =>
  asks({ path: socketPath }, 'PING\r\n', (answer) => answer.startsWith('+PONG'))

/** Starts a server and waits until it answers. Nothing of it is kept: Redis holds only what may be lost. */
export async function startRedis(
  options: RedisOptions & { readonly logFile: string },
): Promise<RunningServer> {
  const child = launch(redisCommand(options), { logFile: options.logFile, detached: false })
  try {
    await untilReady(child, () => redisAnswers(options.socketPath), {
      name: 'redis-server',
      logFile: options.logFile,
      timeoutMs: 15_000,
    })
  } catch (error) {
    await end(child, 'SIGKILL', 1_000)
    throw error
  }
  return {
    url: `unix://${options.socketPath}`,
    pid: child.pid ?? 0,
    stop: async () => {
      await end(child, 'SIGTERM', 5_000)
      rmSync(options.socketPath, { force: true })
    },
  }
}
