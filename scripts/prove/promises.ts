/** The promises of the design that are measured here, each with its fault and its history. */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ask, failures } from '#tests/support/load.ts'
import { clientWith, createKeyed, killAndWait, namesOf, newClient, readingDuring } from './clients.ts'
import { lostAndDoubled, type Passed, type Read, staleReads, type Written, worstExcess } from './histories.ts'
import type { Promised } from './promise.ts'

async function progress(acknowledged: readonly string[]): Promise<void> {
  const enough = acknowledged.length + 30
  for (let tries = 0; acknowledged.length < enough; tries++) {
    if (tries === 600) throw new Error('writes did not go on within 30 s')
    await delay(50)
  }
}

const acknowledgedWrites: Promised = {
  id: 'P1',
  promise: 'an acknowledged write is never lost when a process is killed',
  bound: '0 lost, 0 doubled',
  async measure(stack) {
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
    const killed = ['postgres', 'api-1', 'redis', 'balancer', 'gateway']
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

const exactLimit: Promised = {
  id: 'P2',
  promise: 'a limit is exact over all replicas',
  bound: 'at most capacity + rate x t in every window, at least 95 % of it',
  async measure(stack) {
    const capacity = 300
    const client = await newClient(stack, capacity)
    const passed: Passed[] = []
    let others = 0
    const startedAt = performance.now()
    const burst = async (): Promise<void> => {
      for (let asked = 0; asked < 40; asked++) {
        const askedAtMs = performance.now()
        const { status } = await client.get('/api/v1/status')
        if (status === 200) passed.push({ askedAtMs, answeredAtMs: performance.now() })
        else if (status !== 429) others++
      }
    }
    await Promise.all(Array.from({ length: 30 }, burst))
    const excess = worstExcess(passed, { capacity, refillPerMs: capacity / 60_000 })
    const due = capacity + (capacity / 60_000) * (performance.now() - startedAt)
    const share = (passed.length / due) * 100
    return {
      holds: excess <= 0 && share >= 95 && others === 0,
      measured: `${passed.length} of 1200 passed, ${others} neither passed nor 429, worst window ${excess.toFixed(1)} above, ${share.toFixed(1)} % of what was due`,
    }
  },
}

const freshReads: Promised = {
  id: 'P3',
  promise: 'once a write is acknowledged nobody reads the older value',
  bound: '0 stale reads',
  async measure(stack) {
    const client = await newClient(stack)
    const made = await client.send('POST', '/api/v1/resources', { name: '0', type: 'p3' })
    const path = `/api/v1/resources/${(JSON.parse(made.body) as { id: number }).id}`
    const writes: Written[] = []
    const reads: Read[] = []
    let isOver = false
    const reader = async (): Promise<void> => {
      while (!isOver) {
        const askedAtMs = performance.now()
        const { status, body } = await client.get(path)
        if (status === 200)
          reads.push({ askedAtMs, value: Number((JSON.parse(body) as { name: string }).name) })
      }
    }
    const readers = Promise.all(Array.from({ length: 6 }, reader))
    for (let value = 1; value <= 200; value++) {
      const { status } = await client.send('PATCH', path, { name: String(value) })
      if (status === 200) writes.push({ value, acknowledgedAtMs: performance.now() })
    }
    isOver = true
    await readers
    const stale = staleReads(writes, reads)
    return {
      holds: stale.length === 0 && writes.length === 200,
      measured: `${stale.length} stale of ${reads.length} reads beside ${writes.length} writes`,
    }
  },
}

const replicaKilled: Promised = {
  id: 'P4',
  promise: 'a killed replica fails no safe request',
  bound: '0 failed',
  async measure(stack) {
    const replies = await readingDuring(stack, () => killAndWait(stack, 'api-2'))
    const failed = failures(replies, [200]).length
    return { holds: failed === 0, measured: `${failed} of ${replies.length} reads failed` }
  },
}

const rollingRestart: Promised = {
  id: 'P5',
  promise: 'a rolling restart under mixed load fails no request',
  bound: '0 failed',
  async measure(stack) {
    const restarting = async (more: (count: number) => Promise<void>): Promise<void> => {
      for (const name of Object.keys(stack.replicas)) {
        await stack.restart(name)
        await more(100)
      }
    }
    const replies = await readingDuring(stack, restarting, { hasWrites: true })
    const failed = failures(replies, [200, 201]).length
    return { holds: failed === 0, measured: `${failed} of ${replies.length} requests failed` }
  },
}

const redisFrozen: Promised = {
  id: 'P6',
  promise: 'a frozen Redis stalls no request for long and fails none',
  bound: '0 failed, none above 500 ms',
  async measure(stack) {
    const client = await newClient(stack)
    const times: number[] = []
    let failed = 0
    await client.get('/api/v1/resources/1')
    await stack.kill('redis', 'SIGSTOP')
    try {
      for (let asked = 0; asked < 100; asked++) {
        const startedAt = performance.now()
        const { status } = await client.get(`/api/v1/resources/${1 + (asked % 20)}`)
        times.push(performance.now() - startedAt)
        if (status !== 200) failed++
      }
    } finally {
      await stack.kill('redis', 'SIGCONT')
    }
    const longest = Math.max(...times)
    return {
      holds: failed === 0 && longest <= 500,
      measured: `${failed} of ${times.length} failed, longest ${longest.toFixed(0)} ms`,
    }
  },
}

const revoked: Promised = {
  id: 'P10',
  promise: 'a session that was ended stops working on every replica',
  bound: 'within 1000 ms',
  async measure(stack) {
    const lasted: number[] = []
    for (let round = 0; round < 10; round++) {
      const login = await ask(stack.gateway, {
        method: 'POST',
        path: '/api/v1/auth/login',
        body: { email: 'admin@example.com', password: 'admin123' },
      })
      if (login.status !== 200) throw new Error(`sign-in: ${login.status} ${login.body}`)
      const client = clientWith(stack, (JSON.parse(login.body) as { token: string }).token)
      const isIn = async (base: string) =>
        (await ask(base, { method: 'GET', path: '/api/v1/me', headers: client.headers })).status === 200
      const doors = Object.values(stack.replicas)
      if (!(await Promise.all(doors.map(isIn))).every(Boolean)) throw new Error('the session never worked')
      await client.send('POST', '/api/v1/auth/logout')
      const endedAt = performance.now()
      await Promise.all(
        doors.map(async (door) => {
          let lastIn = endedAt
          while (lastIn - endedAt < 5_000 && (await isIn(door))) lastIn = performance.now()
          lasted.push(lastIn - endedAt)
        }),
      )
    }
    const longest = Math.max(...lasted)
    return {
      holds: longest <= 1_000,
      measured: `at most ${longest.toFixed(0)} ms, ${lasted.length} times at a replica`,
    }
  },
}

/**
 * In the order of measuring. Those that take Redis away come last: a bucket that is new or was lost starts with what has
 * refilled since the loss, so for a minute a client gets less than its capacity (docs/limits.md).
 */
export const promises: readonly Promised[] = [
  exactLimit,
  freshReads,
  replicaKilled,
  rollingRestart,
  revoked,
  redisFrozen,
  acknowledgedWrites,
]

/** Where the rest is tried. */
export const elsewhere: Readonly<Record<string, string>> = {
  P7: 'not measured here yet',
  P8: 'not measured here yet; `tests/integration/edge/faults.test.ts` has one hanging request',
  P9: 'not measured here yet',
}
