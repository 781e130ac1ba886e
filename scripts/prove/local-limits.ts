/** What passes of three limits while no replica can ask for the shared bucket: each gives its third, and at least 1. */

import type { RunningStack } from '#scripts/engine/stack.ts'
import type { Reply } from '#tests/support/load.ts'
import { type Client, clientFromOneAddress, newAccount, newKey } from './clients.ts'
import { type Passed, worstExcess } from './histories.ts'
import type { Verdict } from './promise.ts'

interface Spent {
  readonly name: string
  /** Of one replica. */
  readonly share: number
  readonly refillPerMs: number
  /** What passed at each replica, also where nothing did. */
  readonly passed: ReadonlyMap<string, readonly Passed[]>
  /** Answered neither way. */
  readonly others: readonly Reply[]
}

export type LocalLimits = readonly Spent[]

type Limit = Omit<Spent, 'passed' | 'others'> & {
  readonly tries: number
  /** The status of what passes. */
  readonly status: number
  readonly use: () => Promise<Reply>
}

async function spend(stack: RunningStack, { tries, status, use, ...limit }: Limit): Promise<Spent> {
  const passed = new Map<string, Passed[]>(Object.keys(stack.replicas).map((replica) => [replica, []]))
  const others: Reply[] = []
  for (let tried = 0; tried < tries; tried++) {
    const askedAtMs = performance.now()
    const reply = await use()
    const here = passed.get(String(reply.headers['x-served-by']))
    if (reply.status === status) here?.push({ askedAtMs, answeredAtMs: performance.now() })
    else if (reply.status !== 429) others.push(reply)
  }
  return { ...limit, passed, others }
}

/** Made while all is well; spent later. */
export async function localLimits(stack: RunningStack): Promise<{ spend(): Promise<LocalLimits> }> {
  const replicas = Object.keys(stack.replicas).length
  const ofKey = (limit: number, client: Client): Limit => ({
    name: `${limit} a minute`,
    share: Math.max(1, Math.floor(limit / replicas)),
    refillPerMs: limit / replicas / 60_000,
    tries: limit * 3 + 6,
    status: 200,
    use: () => client.get('/api/v1/status'),
  })
  const keys = await Promise.all(
    [30, 1].map(async (limit) => ofKey(limit, (await newKey(stack, { limitPerMinute: limit })).client)),
  )
  const { email } = await newAccount(stack)
  // Ten failures in a quarter of an hour, from one address; the edge lets twenty tries through in a minute.
  const guesser = clientFromOneAddress(stack)
  const guesses: Limit = {
    name: '10 wrong sign-ins',
    share: Math.floor(10 / replicas),
    refillPerMs: 10 / replicas / 900_000,
    tries: 18,
    status: 401,
    use: () => guesser.send('POST', '/api/v1/auth/login', { email, password: 'not this one' }),
  }
  return {
    async spend() {
      const spent: Spent[] = []
      for (const limit of [...keys, guesses]) spent.push(await spend(stack, limit))
      return spent
    },
  }
}

/** Holds when each replica let through no more than its share and what refilled, and at least one. */
export function judgeLimits(limits: LocalLimits = []): Verdict {
  const judged = limits.map(({ name, share, refillPerMs, passed, others }) => {
    const counts = [...passed.values()].map((here) => here.length)
    const excess = Math.max(
      ...[...passed.values()].map((here) => worstExcess(here, { capacity: share, refillPerMs })),
    )
    return {
      holds: others.length === 0 && excess <= 0 && Math.min(...counts) >= 1,
      measured:
        `${name}: ${counts.join(' + ')} passed` +
        (others.length > 0 ? `, ${others.length} answered otherwise (${others[0]?.status})` : ''),
    }
  })
  return {
    holds: limits.length > 0 && judged.every(({ holds }) => holds),
    measured: judged.map(({ measured }) => measured).join(', '),
  }
}
