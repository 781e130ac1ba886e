/** P6: Redis stops answering with its connections open, and Redis is killed and kept away. */

import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { inCases } from '#scripts/prove/cases.ts'
import { type Account, type Client, newAccount, newClient, untilRemembered } from '#scripts/prove/clients.ts'
import { freeze, without } from '#scripts/prove/faults.ts'
import { judgeLimits, type LocalLimits, localLimits } from '#scripts/prove/local-limits.ts'
import { type Measuring, type Promised, usual, type Verdict } from '#scripts/prove/promise.ts'
import type { Reply } from '#tests/support/load.ts'

const boundMs = 500
const boundInShortMs = 3_000
const known = Array.from({ length: 20 }, (_, index) => `/api/v1/resources/${index + 1}`)

type Fault = (stack: RunningStack, during: () => Promise<void>) => Promise<void>

interface Clients {
  readonly client: Client
  readonly account: Account
  /** Changed again and again, by nobody else. */
  readonly path: string
}

async function clientsFor(stack: RunningStack): Promise<Clients> {
  const client = await newClient(stack)
  const made = await client.send('POST', '/api/v1/resources', { name: 'p6', type: 'p6' })
  const { id } = JSON.parse(made.body) as { id: number }
  return { client, account: await newAccount(stack), path: `/api/v1/resources/${id}` }
}

/** Reads of what is known and of what is not, creates, changes and sign-ins, one after the other. */
async function askAll({ client, account, path }: Clients, rounds: number): Promise<Reply[]> {
  const replies: Reply[] = []
  const { email, password } = account
  for (let round = 0; round < rounds; round++) {
    replies.push(
      await client.get(known[round % known.length] ?? ''),
      await client.get(`/api/v1/resources?limit=7&skip=${round}`),
      await client.send('POST', '/api/v1/resources', { name: `p6 ${round}`, type: 'p6' }),
      await client.send('PATCH', path, { name: `p6 ${round}` }),
    )
    if (round % 5 === 0) replies.push(await client.send('POST', '/api/v1/auth/login', { email, password }))
    // Longer than what is trusted without Redis, or nothing would ask it.
    await delay(20)
  }
  return replies
}

/** The longest of each kind of request, and half of them. */
function longest(replies: readonly Reply[]): string {
  const kindOf = ({ method, path }: Reply): string =>
    path.includes('/auth/') ? 'sign-in' : method === 'GET' ? 'read' : 'write'
  return [...Map.groupBy(replies, kindOf)]
    .map(([kind, of]) => {
      const times = of.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
      return `${kind} ${times.at(-1)?.toFixed(0)} (half below ${times[times.length >> 1]?.toFixed(0)})`
    })
    .join(', ')
}

const measuring =
  (fault: Fault) =>
  async (stack: RunningStack, { isShort }: Measuring): Promise<Verdict> => {
    const clients = await clientsFor(stack)
    const limits = await localLimits(stack)
    await untilRemembered(stack, clients.client, known.slice(0, 3))
    let replies: Reply[] = []
    let passed: LocalLimits | undefined
    await fault(stack, async () => {
      replies = await askAll(clients, isShort ? 4 : 25)
      passed = await limits.spend()
    })
    const backAt = performance.now()
    // From its own memory, which it only trusts again once it hears the others through Redis.
    await untilRemembered(stack, clients.client, known.slice(0, 3))
    const seconds = (performance.now() - backAt) / 1_000
    const failed = replies.filter(({ status }) => status !== 200 && status !== 201)
    const slow = replies.filter(({ tookMs }) => tookMs > (isShort ? boundInShortMs : boundMs))
    const held = judgeLimits(passed)
    return {
      holds: failed.length + slow.length === 0 && held.holds,
      measured:
        `${failed.length} of ${replies.length} failed` +
        `${failed.length > 0 ? ` (${failed[0]?.method} ${failed[0]?.path} ${failed[0]?.status})` : ''}, ` +
        `longest ${longest(replies)} ms (${slow.length} too long); ${held.measured}; itself again after ${seconds.toFixed(1)} s`,
    }
  }

export const redisAway: Promised = {
  id: 'P6',
  promise:
    'without Redis, frozen or killed, nothing stalls for long or fails, limits hold locally, and all recovers',
  bound: `0 failed, none above ${boundMs} ms; of each limit its third at a replica, at least 1`,
  boundInShort: `0 failed, none above ${boundInShortMs} ms; of each limit its third at a replica, at least 1`,
  on: usual,
  measure: inCases([
    { name: 'frozen', measure: measuring((stack, during) => freeze(stack, 'redis', during)) },
    {
      name: 'killed',
      isLong: true,
      measure: measuring((stack, during) => without(stack, ['redis'], during)),
    },
  ]),
}
