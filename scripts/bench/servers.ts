/** Starting the servers that a benchmark needs besides the stack: nginx with given templates, replicas of other builds. */

import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findBinary } from '#scripts/engine/binaries.ts'
import { type HealthAddress, statusOf } from '#scripts/engine/http.ts'
import { renderNginx, type Variables } from '#scripts/engine/nginx-config.ts'
import { type Command, end, launch, untilReady } from '#scripts/engine/process.ts'

export interface Server {
  readonly pid: number
  stop(): Promise<void>
}

// They end with us, however we end.
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ready as soon as something answers there, whatever its status. */
export async function startServer(
  command: Command,
  { name, logFile, answersAt }: { name: string; logFile: string; answersAt: HealthAddress },
): Promise<Server> {
  const child = launch(command, { logFile, detached: false })
  running.add(child)
  await untilReady(child, async () => (await statusOf(answersAt)) !== undefined, {
    name,
    logFile,
    timeoutMs: 15_000,
  })
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      running.delete(child)
      await end(child, 'SIGTERM', 5_000)
    },
  }
}

/** @property file - the main file among the templates, without `.template` */
export interface NginxOptions {
  readonly templates: string
  readonly file: string
  readonly folder: string
  readonly variables: Variables
  readonly answersAt: HealthAddress
}

export async function startNginx(options: NginxOptions): Promise<Server> {
  const { templates, file, folder, variables, answersAt } = options
  renderNginx(templates, folder, variables)
  mkdirSync(variables.NGINX_RUN_DIR ?? folder, { recursive: true, mode: 0o700 })
  const logFile = variables.ERROR_LOG ?? join(folder, 'error.log')
  return startServer(
    {
      program: findBinary('nginx'),
      args: ['-p', folder, '-c', join(folder, file), '-e', logFile, '-g', 'daemon off;'],
    },
    { name: `nginx ${file}`, logFile, answersAt },
  )
}
