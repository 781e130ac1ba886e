/** A build to compare with: gateway, balancer and three replicas, over unix sockets or over TCP. */

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '#scripts/engine/layout.ts'
import { socketFolder } from '#scripts/engine/sockets.ts'
import type { Target } from './compare.ts'
import { type Server, startNginx, startServer } from './servers.ts'

export type Transport = 'unix' | 'tcp'

export interface ChainOptions {
  readonly name: string
  /** Folder with `replica.ts`, which is given a port or a socket, and `nginx/{gateway,balancer}.conf.template`. */
  readonly build: string
  readonly transport: Transport
  /** The gateway's port; over TCP the four after it are taken too. */
  readonly port: number
  readonly replicas?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface Chain extends AsyncDisposable {
  readonly target: Target
}

export async function startChain(options: ChainOptions): Promise<Chain> {
  const { name, transport, port, replicas = 3, env = {} } = options
  const build = join(root, 'tests', 'load', options.build)
  const folder = join(root, '.local', 'bench', name)
  const run = socketFolder(join(folder, 'run'))
  rmSync(run, { recursive: true, force: true })
  for (const made of [folder, run]) mkdirSync(made, { recursive: true, mode: 0o700 })

  const at = (file: string, offset: number) =>
    transport === 'unix' ? { socketPath: join(run, `${file}.sock`) } : { port: port + offset }
  const upstream = (where: ReturnType<typeof at>) =>
    where.socketPath === undefined ? `127.0.0.1:${where.port}` : `unix:${where.socketPath}`
  const places = Array.from({ length: replicas }, (_, index) => at(`api-${index + 1}`, index + 2))
  const balancer = at('balancer', 1)
  const place = (index: number) => upstream(places[index % replicas] ?? balancer)

  const started: Server[] = []
  const stop = async (): Promise<void> => {
    for (const server of started.reverse()) await server.stop()
  }
  try {
    for (const [index, where] of places.entries()) {
      const command = {
        program: process.execPath,
        args: [join(build, 'replica.ts'), String(where.socketPath ?? where.port)],
        cwd: root,
        env: { PATH: process.env.PATH ?? '', INSTANCE_ID: `api-${index + 1}`, ...env },
      }
      const logFile = join(folder, `api-${index + 1}.log`)
      started.push(
        await startServer(command, { name: `${name} replica`, logFile, answersAt: { path: '/', ...where } }),
      )
    }
    const variables = {
      NGINX_USER_DIRECTIVE: process.getuid?.() === 0 ? 'user root;' : '',
      NGINX_RUN_DIR: run,
      ERROR_LOG: join(folder, 'nginx-error.log'),
      ACCESS_LOG: join(folder, 'nginx-access.log'),
      GATEWAY_LISTEN: `127.0.0.1:${port}`,
      BALANCER_LISTEN: upstream(balancer),
      BALANCER_UPSTREAM: upstream(balancer),
      API_1: place(0),
      API_2: place(1),
      API_3: place(2),
    }
    const templates = join(build, 'nginx')
    for (const [tier, where] of [
      ['balancer', balancer],
      ['gateway', { port }],
    ] as const) {
      const answersAt = { path: '/', ...where }
      const file = `${tier}.conf`
      started.push(await startNginx({ templates, file, folder: join(folder, tier), variables, answersAt }))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    target: { name, url: `http://127.0.0.1:${port}`, pids: started.map(({ pid }) => pid) },
    [Symbol.asyncDispose]: stop,
  }
}
