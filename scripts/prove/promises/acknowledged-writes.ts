/** P1: kills one process after the other while writes are acknowledged; what was acknowledged is there, once. */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createKeyed, killAndWait, namesOf, newClient } from '#scripts/prove/clients.ts'
import { lostAndDoubled } from '#scripts/prove/histories.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'

async function progress(acknowledged: readonly string[]): Promise<void> {
  const enough = acknowledged.length + 30
  for (let tries = 0; acknowledged.length < enough; tries++) {
    if (tries === 600) throw new Error('writes did not go on within 30 s')
    await delay(50)
  }
}

export const acknowledgedWrites: Promised = {
  id: 'P1',
  promise: 'an acknowledged write is never lost when a process is killed',
  bound: '0 lost, 0 doubled',
  on: usual,
  async measure(stack, { isShort }) {
    const client = await newClient(stack)
    const type = `p1-${randomUUID()}`
    const acknowledged: string[] = []
    let isOver = false
    const writer = async (number: number): Promise<void> => {
      for (let count = 0; !isOver; count++) {
        const name = `${type}-${number}-${count}`
        if ((await createKeyed(client, name, type)) === 201) acknowledged.push(name)
      }
    }
    const writers = Promise.all([0, 1, 2, 3].map(writer))
    const killed = ['postgres', 'api-1', ...(isShort ? [] : ['redis', 'balancer', 'gateway'])]
    // Each is killed while writes are being acknowledged, and they are again before the next.
    for (const name of killed) {
      await progress(acknowledged)
      await killAndWait(stack, name)
    }
    await progress(acknowledged)
    isOver = true
    await writers
    const { lost, doubled } = lostAndDoubled(acknowledged, await namesOf(client, type))
    return {
      holds: lost.length === 0 && doubled.length === 0 && acknowledged.length > 0,
      measured: `${lost.length} lost, ${doubled.length} doubled of ${acknowledged.length}; killed: ${killed.join(', ')}`,
    }
  },
}
