/** The whole system for system tests: the stack the runner started, the one that runs anyway, or one for this file. */

import t from 'tap'
import { layoutOf } from '#scripts/engine/layout.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { attachStack, type RunningStack, startStack } from '#scripts/engine/stack.ts'
import { ownPortBase, stackVariable } from './stack-variable.ts'

let known: Promise<RunningStack> | undefined

/** One stack per process. Whoever kills a part of it waits until that part is up again. */
export function testStack(): Promise<RunningStack> {
  const named = process.env[stackVariable]
  known ??= named ? Promise.resolve(attach(named)) : startForThisProcess()
  return known
}

function attach(named: string): RunningStack {
  const settings = named === 'running' ? localSettings() : localSettings({ PORT_BASE: named }, '/dev/null')
  return attachStack({ settings, layout: layoutOf(settings.config.PORT_BASE) })
}

async function startForThisProcess(): Promise<RunningStack> {
  const stack = await startStack({ portBase: ownPortBase() })
  t.teardown(() => stack.stop({ erase: true }))
  return stack
}
