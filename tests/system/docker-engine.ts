/** A stack in containers as `make run-local` starts it, and the commands of `make` on it. */

import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Compose, composeFor, startDocker } from '#scripts/engine/docker.ts'
import { rememberEngine } from '#scripts/engine/engine.ts'
import { type Layout, layoutOf, root } from '#scripts/engine/layout.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import type { Scope } from '#tests/support/scope.ts'

export interface DockerEngine {
  readonly gateway: string
  readonly layout: Layout
  readonly compose: Compose
  /** Beside this process, whose load goes on meanwhile. @throws with what it said when it ends with an error */
  run(script: string, env?: Readonly<Record<string, string>>): Promise<string>
}

/** Everything of it is removed when the test ends. */
export async function dockerEngine(t: Scope, portBase: number): Promise<DockerEngine> {
  const settings = localSettings({ PORT_BASE: String(portBase) }, '/dev/null')
  const layout = layoutOf(portBase)
  const compose = composeFor(settings)
  t.teardown(() => {
    compose.read('down', '--volumes', '--remove-orphans', '--timeout', '5')
    rmSync(layout.state, { recursive: true, force: true })
  })
  await startDocker(compose, () => undefined)
  rememberEngine(layout, 'docker', settings)
  return {
    gateway: `http://127.0.0.1:${layout.ports.gateway}`,
    layout,
    compose,
    run: async (script, env = {}) => {
      const [file = '', ...args] = script.split(' ')
      const surroundings = { ...process.env, PORT_BASE: String(portBase), ...env }
      const options = { cwd: root, env: surroundings, maxBuffer: 16 * 1024 * 1024 }
      return (await promisify(execFile)(process.execPath, [join(root, file), ...args], options)).stdout
    },
  }
}
