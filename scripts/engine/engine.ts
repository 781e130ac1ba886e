/** Which engine runs the stack, and what `make` asks of either. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { order } from './control.ts'
import { composeFor, composeProgram, dockerReport, restartContainer } from './docker.ts'
import { dockerFleet } from './docker-fleet.ts'
import type { Fleet } from './fleet.ts'
import { type Layout, layoutOf } from './layout.ts'
import { type NativeStack, nativeReport } from './native.ts'
import { nativeFleet } from './native-fleet.ts'
import { fingerprintOf, type Settings } from './settings.ts'
import type { ProcessReport } from './stack-run.ts'

export type Engine = 'docker' | 'native'

const memory = (layout: Layout) => join(layout.state, 'engine')

/** The engine the stack was started with, whatever ENGINE says today, and the fingerprint of its settings. */
export function runningEngine(layout: Layout): { engine: Engine; fingerprint: string } | undefined {
  if (!existsSync(memory(layout))) return undefined
  const [engine, fingerprint = ''] = readFileSync(memory(layout), 'utf8').trim().split(' ')
  return { engine: engine === 'docker' ? 'docker' : 'native', fingerprint }
}

export const runsOnDocker = (layout: Layout): boolean => runningEngine(layout)?.engine === 'docker'

export function rememberEngine(layout: Layout, engine: Engine, { given }: Settings): void {
  mkdirSync(layout.state, { recursive: true })
  writeFileSync(memory(layout), `${engine} ${fingerprintOf(given)}\n`)
}

export const forgetEngine = (layout: Layout): void => rmSync(memory(layout), { force: true })

export const chosenEngine = ({ config }: Settings): Engine =>
  config.ENGINE === 'auto' ? (composeProgram() === undefined ? 'native' : 'docker') : config.ENGINE

export function reportOf(settings: Settings): Promise<readonly ProcessReport[]> {
  const layout = layoutOf(settings.config.PORT_BASE)
  return runsOnDocker(layout)
    ? Promise.resolve(dockerReport(composeFor(settings)))
    : nativeReport({ settings, layout })
}

export const fleetOf = (stack: NativeStack): Fleet =>
  runsOnDocker(stack.layout) ? dockerFleet(composeFor(stack.settings), stack) : nativeFleet(stack)

/** Each in its own way (a replica drains), one after the other, each up again before the next. False when nothing runs. */
export async function restartAll(
  stack: NativeStack,
  names: readonly string[],
  say: (name: string) => void = () => undefined,
): Promise<boolean> {
  const compose = runsOnDocker(stack.layout) ? composeFor(stack.settings) : undefined
  for (const name of names) {
    if (compose !== undefined) await restartContainer(compose, name)
    else if ((await order(stack.layout.run, { do: 'restart', names: [name] })) === undefined) return false
    say(name)
  }
  return true
}
