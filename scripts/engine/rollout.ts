/** Replaces the replicas one by one: drain, stop, start the new code, wait until it is ready, go on. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'
import { order } from './control.ts'
import { EngineError, messageOf } from './engine-error.ts'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { scriptOn } from './process-table.ts'
import { chooseRelease, releaseOf } from './releases.ts'

const previous = 'previous'

const nameOf = (folder: string): string => (folder === root ? 'the clone' : basename(folder))

/**
 * The first replica that does not become ready is given its former code again, and no other is touched.
 * @throws {EngineError} saying which one, and why
 */
export async function rollout(
  stack: NativeStack,
  folder: string,
  { hasMigrations, say = () => undefined }: { hasMigrations: boolean; say?: (line: string) => void },
): Promise<void> {
  const { layout, settings } = stack
  const names = Array.from({ length: settings.config.REPLICAS }, (_, index) => `api-${index + 1}`)
  if (hasMigrations) await migrate(stack, folder)
  chooseRelease(layout, previous, releaseOf(layout, names[0] ?? ''))
  for (const name of names) {
    const former = releaseOf(layout, name)
    chooseRelease(layout, name, folder)
    try {
      await restart(stack, name)
    } catch (error) {
      chooseRelease(layout, name, former)
      await restart(stack, name)
      throw new EngineError(
        `${name} does not become ready with ${nameOf(folder)} and has ${nameOf(former)} again; the others were left as they are: ${messageOf(error)}`,
      )
    }
    say(`${name} runs ${nameOf(folder)}`)
  }
}

/** What ran before the latest rollout. Migrations stay: they only add what older code can live with. */
export const rollback = (stack: NativeStack, say: (line: string) => void): Promise<void> =>
  rollout(stack, releaseOf(stack.layout, previous), { hasMigrations: false, say })

async function restart({ layout }: NativeStack, name: string): Promise<void> {
  if ((await order(layout.run, { do: 'restart', names: [name] })) === undefined)
    throw new EngineError('nothing is running: make run-local')
}

async function migrate({ layout, settings }: NativeStack, folder: string): Promise<void> {
  const stack = { ...settings, layout }
  const { program, args, env, cwd } = scriptOn(stack, 'scripts/migrate.ts', [], {}, folder)
  const [code] = await once(spawn(program, args, { env, cwd, stdio: 'inherit' }), 'exit')
  if (code !== 0) throw new EngineError('the migrations failed: no replica was touched')
}
