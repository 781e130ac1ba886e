/** P8: requests that hang, block, cut, lie or dawdle, each kind beside clients who do nothing wrong. */

import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { clientWith, newClient } from '#scripts/prove/clients.ts'
import { openDatabase } from '#scripts/prove/database.ts'
import { outage } from '#scripts/prove/grounds.ts'
import type { Promised } from '#scripts/prove/promise.ts'
import { type Asked, ask, failures, newAddress, type Reply, startLoad } from '#tests/support/load.ts'

interface Poison {
  readonly name: string
  /** What a bystander may have to wait for it: only one that blocks or is slow keeps others of its replica waiting. */
  readonly mayDelayMs: number
  /** Settles when it is taken. */
  take(stack: RunningStack): Promise<unknown>
  /** What else is to be told. */
  told?(replies: readonly Reply[]): string
}

const poisoned = (kind: string, count: number): Poison => ({
  name: kind,
  mayDelayMs: kind === 'block' ? 2_000 : 0,
  take: (stack) =>
    together(count, () =>
      ask(stack.gateway, {
        method: 'GET',
        path: '/api/v1/status',
        headers: { 'x-poison': kind, 'x-request-timeout-ms': '2000' },
      }),
    ),
})

const together = <T>(count: number, each: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => each(index)))

/** Every answer of one replica late by 300 ms, for 5 s: it has more open requests than the others, and so is given fewer. */
function slowReplica(): Poison {
  let slow = ''
  return {
    name: 'slow replica',
    mayDelayMs: 300,
    async take(stack) {
      const reply = await ask(stack.gateway, {
        method: 'GET',
        path: '/api/v1/status',
        headers: { 'x-poison': 'slow' },
      })
      slow = String(reply.headers['x-served-by'])
      await delay(5_000)
    },
    told(replies) {
      const late = replies.filter(({ headers, tookMs }) => headers['x-served-by'] === slow && tookMs >= 300)
      return `it was given ${((late.length / replies.length) * 100).toFixed(0)} % of the requests`
    },
  }
}

/** Changes of a row that somebody else holds: each keeps a connection of its replica until it is cancelled. */
const lockedRow: Poison = {
  name: 'locked row',
  mayDelayMs: 0,
  async take(stack) {
    const database = openDatabase(stack)
    try {
      await database.transaction(async (transaction) => {
        await transaction.text('select id from resources where id = 20 for update')
        const admin = clientWith(stack, 'admin-token-dev')
        await together(9, () =>
          admin.send('PATCH', '/api/v1/resources/20', { name: 'held' }, { 'x-request-timeout-ms': '2000' }),
        )
      })
    } finally {
      await database.close()
    }
  },
}

const deadDependency: Poison = {
  name: 'dead dependency',
  mayDelayMs: 0,
  take: (stack) => together(40, () => ask(stack.gateway, { method: 'GET', path: '/api/v1/external' })),
}

/** Clients that send `first`, then a byte now and then, and read nothing. */
const dawdlers = (name: string, first: string, drip: string): Poison => ({
  name,
  mayDelayMs: 0,
  async take(stack) {
    const port = Number(new URL(stack.gateway).port)
    const sockets: Socket[] = []
    for (let index = 0; index < 100; index++) {
      const socket = connect({ host: '127.0.0.1', port, localAddress: `127.2.0.${1 + index}` })
      socket.on('error', () => {})
      socket.pause()
      socket.write(first)
      sockets.push(socket)
    }
    for (let round = 0; round < 8; round++) {
      await delay(250)
      if (drip !== '') for (const socket of sockets) socket.write(drip)
    }
    for (const socket of sockets) socket.destroy()
  },
})

const line = (method: string, path: string, more: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: sluice\r\n${more}`

const poisons: readonly Poison[] = [
  poisoned('hang', 20),
  poisoned('headers', 20),
  // nginx tries a kept connection that broke once more each time, so that each of these meets several replicas.
  poisoned('cut', 3),
  poisoned('short', 20),
  poisoned('block', 1),
  slowReplica(),
  lockedRow,
  deadDependency,
  dawdlers('slow readers', line('GET', '/api/v1/resources?limit=100', '\r\n').repeat(20), ''),
  dawdlers(
    'slow writers',
    line('POST', '/api/v1/auth/login', 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n'),
    ' ',
  ),
  dawdlers('half a request', line('GET', '/api/v1/status', 'X-'), 'a'),
]

// The time of the first is the balancer's patience, that of the others their own.
const leftOutInShort = ['hang', 'slow replica', 'slow readers', 'slow writers']

/** What those who do nothing wrong are answered meanwhile: known reads, unknown pages, creates. */
const bystanders = Array.from({ length: 50 }, newAddress)

function bystander(headers: Asked['headers'] = {}): (asked: number) => Asked {
  return (asked) => {
    const from = bystanders[asked % bystanders.length] ?? ''
    if (asked % 10 === 0)
      return {
        method: 'POST',
        path: '/api/v1/resources',
        headers,
        from,
        body: { name: `p8 ${asked}`, type: 'p8' },
      }
    const path =
      asked % 3 === 0
        ? `/api/v1/resources?limit=20&skip=${asked % 5_000}`
        : `/api/v1/resources/${1 + (asked % 19)}`
    return { method: 'GET', path, headers, from }
  }
}

async function besides(stack: RunningStack, poison: Poison): Promise<readonly Reply[]> {
  const { headers } = await newClient(stack)
  const load = startLoad(stack.gateway, 6, bystander(headers))
  try {
    await load.more(50)
    await poison.take(stack)
    await load.more(50)
  } finally {
    await load.stop()
  }
  return load.replies
}

export const harmless: Promised = {
  id: 'P8',
  promise: 'a poisonous or hanging request harms no other',
  bound:
    '0 others failed, none above 1000 ms besides the 2000 of one that blocks and the 300 of a slow replica',
  boundInShort: '0 others failed, none above 8000 ms besides',
  on: outage,
  async measure(stack, { isShort }) {
    const spareMs = isShort ? 8_000 : 1_000
    const found: string[] = []
    const told: string[] = []
    let count = 0
    let longest = 0
    const taken = isShort ? poisons.filter(({ name }) => !leftOutInShort.includes(name)) : poisons
    for (const poison of taken) {
      const replies = await besides(stack, poison)
      const failed = failures(replies, [200, 201])
      const slow = replies.filter(({ tookMs }) => tookMs > spareMs + poison.mayDelayMs)
      count += replies.length
      if (poison.told !== undefined) told.push(`${poison.name}: ${poison.told(replies)}`)
      longest = Math.max(longest, ...replies.map(({ tookMs }) => tookMs - poison.mayDelayMs))
      process.stderr.write(
        `   beside ${poison.name}: ${failed.length} of ${replies.length} failed, ${slow.length} slow\n`,
      )
      if (failed.length + slow.length > 0)
        found.push(
          `${poison.name}: ${failed.length} failed (${failed.slice(0, 3).join('; ')}), ${slow.length} slow`,
        )
    }
    return {
      holds: found.length === 0,
      measured: `of ${count} beside ${taken.map(({ name }) => name).join(', ')}: ${found.length === 0 ? 'none failed' : found.join('; ')}; longest ${[`${longest.toFixed(0)} ms`, ...told].join('; ')}`,
    }
  },
}
