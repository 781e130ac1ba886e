/** Lets one command at a time change a stack: two `make run-local` at once start it once. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { forget, identify, isAlive, recorded } from './identity.ts'
import { type Layout, makeFolders } from './layout.ts'

export async function withLock<T>(layout: Layout, work: () => Promise<T>): Promise<T> {
  makeFolders(layout)
  const file = join(layout.run, 'command.lock')
  while (!take(file)) {
    const owner = recorded(file)
    if (owner !== undefined && !isAlive(owner)) forget(file)
    await delay(100)
  }
  try {
    return await work()
  } finally {
    forget(file)
  }
}

function take(file: string): boolean {
  const self = identify(process.pid)
  try {
    writeFileSync(file, `${self?.pid} ${self?.startedAt}\n`, { flag: 'wx' })
    return true
  } catch {
    return false
  }
}
