/** The load of a chaos run: creates with keys, registers that are written and read, reads of all kinds; its history is kept. */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { type Client, namesOf, newClient } from '#scripts/prove/clients.ts'
import type { Reply } from '#tests/support/load.ts'
import type { Refused, Register, Seen } from './judge.ts'

export interface ChaosLoad {
  /** Answers so far, by status. */
  readonly counts: ReadonlyMap<number, number>
  stop(): Promise<Seen>
}

const paceMs = 10

export async function startChaosLoad(stack: RunningStack): Promise<ChaosLoad> {
  const type = `chaos-${randomUUID()}`
  const counts = new Map<number, number>()
  const refusals: Refused[] = []
  const acknowledged: string[] = []
  const registers: Register[] = []
  const clients: Client[] = []
  let isOver = false

  const noted = async (asking: Promise<Reply>): Promise<Reply> => {
    const fromMs = performance.now()
    const reply = await asking
    counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1)
    if (reply.status < 200 || reply.status > 299) refusals.push({ ...reply, fromMs, toMs: performance.now() })
    await delay(paceMs)
    return reply
  }

  const creator = async (client: Client, number: number): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const name = `${type}-${number}-${count}`
      const key = { 'idempotency-key': name }
      // Under its key it may be asked again until it is told: what was not is not counted.
      for (let tries = 0; tries < 400; tries++) {
        const { status } = await noted(client.send('POST', '/api/v1/resources', { name, type }, key))
        if (status === 201) acknowledged.push(name)
        if (status === 201 || isOver) break
        await delay(50)
      }
    }
  }

  const writer = async (client: Client, path: string, { writes }: Register): Promise<void> => {
    for (let value = 1; !isOver; value++) {
      // Only if it is as it was: a change whose answer was lost must not come after a later one.
      const { headers, status: found } = await noted(client.get(path))
      if (found !== 200) continue
      const ifMatch = { 'if-match': String(headers.etag) }
      const { status } = await noted(client.send('PATCH', path, { name: String(value) }, ifMatch))
      if (status === 200) writes.push({ value, acknowledgedAtMs: performance.now() })
    }
  }

  const reader = async (client: Client, path: string, { reads }: Register): Promise<void> => {
    while (!isOver) {
      const askedAtMs = performance.now()
      const { status, body } = await noted(client.get(path))
      if (status === 200)
        reads.push({ askedAtMs, value: Number((JSON.parse(body) as { name: string }).name) })
    }
  }

  const wanderer = async (client: Client): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const path = count % 3 === 0 ? `/api/v1/resources?limit=20&skip=${count % 500}` : '/api/v1/status'
      await noted(client.get(path))
    }
  }

  const workers: Promise<void>[] = []
  for (let number = 0; number < 2; number++) {
    const client = await newClient(stack)
    clients.push(client)
    const made = await client.send('POST', '/api/v1/resources', { name: '0', type: 'register' })
    const path = `/api/v1/resources/${(JSON.parse(made.body) as { id: number }).id}`
    const register: Register = { writes: [], reads: [] }
    registers.push(register)
    workers.push(
      creator(client, number),
      writer(client, path, register),
      reader(client, path, register),
      reader(client, path, register),
      wanderer(client),
    )
  }

  return {
    counts,
    async stop() {
      isOver = true
      await Promise.all(workers)
      const [client] = clients
      const found = client === undefined ? [] : await namesOf(client, type)
      return { acknowledged, found, registers, refusals }
    },
  }
}
