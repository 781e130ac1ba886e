/** What is taken from a stack while something is measured, and given back whatever happens meanwhile. */

import { renameSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { descendantsOf, identify, recorded, signal } from '#scripts/engine/identity.ts'
import { replicaSocket } from '#scripts/engine/nginx-variables.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'

/**
 * Kills them, and has nobody start them again before `during` is over. Nothing can be asked of the supervisor meanwhile, as it
 * is stopped.
 */
export async function without(
  stack: RunningStack,
  names: readonly ('postgres' | 'redis')[],
  during: () => Promise<void>,
): Promise<void> {
  const supervisor = recorded(join(stack.layout.run, 'supervisor.pid'))
  const killed = names.map((name) => recorded(join(stack.layout.run, `${name}.pid`)))
  if (supervisor === undefined || killed.includes(undefined))
    throw new Error(`nobody watches ${names.join(' and ')}`)
  signal(supervisor, 'SIGSTOP')
  try {
    for (const each of killed) {
      if (each === undefined) continue
      // The sessions of Postgres too: they outlive it for a moment, and would still take a write.
      const below = descendantsOf(each.pid).map(identify)
      for (const one of [each, ...below]) if (one !== undefined) signal(one, 'SIGKILL')
    }
    await during()
  } finally {
    signal(supervisor, 'SIGCONT')
  }
}

/** Stops it and lets it go on. */
export async function freeze(stack: RunningStack, name: string, during: () => Promise<void>): Promise<void> {
  const process = identify(await stack.pid(name))
  if (process === undefined) throw new Error(`${name} is down`)
  signal(process, 'SIGSTOP')
  try {
    await during()
  } finally {
    signal(process, 'SIGCONT')
  }
}

/** Shorter than what the supervisor takes for a process that is stuck. */
export const freezeShortly = (stack: RunningStack, name: string): Promise<void> =>
  freeze(stack, name, () => delay(600))

/**
 * What the balancer sends to this replica gets through and comes to nothing: its socket is taken over by one that accepts
 * and never says a word. The replica itself is well, and answers whoever reaches it otherwise.
 */
export async function blackhole(
  { layout }: RunningStack,
  number: number,
  during: () => Promise<void>,
): Promise<void> {
  const path = replicaSocket(layout, number)
  const aside = `${path}.aside`
  const taken = new Set<Socket>()
  const hole = createServer((socket) => {
    taken.add(socket.on('error', () => {}).resume())
  })
  renameSync(path, aside)
  try {
    await new Promise<void>((resolve, reject) => hole.once('error', reject).listen(path, resolve))
    await during()
  } finally {
    for (const socket of taken) socket.destroy()
    // It takes its path away with it.
    await new Promise((resolve) => hole.close(resolve))
    rmSync(path, { force: true })
    renameSync(aside, path)
  }
}
