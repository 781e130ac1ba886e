/** What may happen to a stack, each fault with its end: when `play` settles, nothing of it is left to be undone by hand. */

import { setTimeout as delay } from 'node:timers/promises'
import { descendantsOf, identify, signal } from '#scripts/engine/identity.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'

export interface Fault {
  readonly name: string
  /** While it lasts, clients may find nobody who answers. */
  readonly takesGateway?: boolean
  play(stack: RunningStack, random: () => number): Promise<void>
}

const killed = (name: string): Fault => ({
  name: `kill ${name}`,
  play: async (stack) => {
    const pid = await stack.pid(name)
    await stack.kill(name, 'SIGKILL')
    await stack.untilUp(name, pid)
  },
})

/** Stops the process and all below it, for a time; who is found frozen by the supervisor may be another when it ends. */
const frozen = (name: string, longestMs: number): Fault => ({
  name: `freeze ${name}`,
  play: async (stack, random) => {
    const pid = await stack.pid(name)
    const all = [pid, ...descendantsOf(pid)].map(identify).filter((each) => each !== undefined)
    for (const each of all) signal(each, 'SIGSTOP')
    await delay(200 + random() * longestMs)
    for (const each of all) signal(each, 'SIGCONT')
    await stack.untilUp(name)
  },
})

const restarted = (name: string): Fault => ({
  name: `restart ${name}`,
  play: async (stack) => {
    await stack.restart(name)
    await stack.untilUp(name)
  },
})

/** Ends the sessions of Postgres, as a network that was cut does: each in the middle of what it did. */
const cutSessions: Fault = {
  name: 'cut the connections to postgres',
  play: async (stack) => {
    const pid = await stack.pid('postgres')
    // SIGTERM ends one session and leaves the server; its own processes are started again by it.
    for (const each of descendantsOf(pid).map(identify)) if (each !== undefined) signal(each, 'SIGTERM')
    await stack.untilUp('postgres')
  },
}

export const faults: readonly Fault[] = [
  killed('api-1'),
  killed('api-2'),
  killed('redis'),
  killed('postgres'),
  killed('balancer'),
  { ...killed('gateway'), takesGateway: true },
  frozen('api-3', 2_500),
  frozen('redis', 2_000),
  frozen('postgres', 2_000),
  restarted('api-1'),
  restarted('api-2'),
  cutSessions,
]
