/** P10 while Postgres cannot be asked, with Redis and without: who is let in, who is refused, and who is told to come back. */

import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import {
  answered,
  type Client,
  clientWith,
  newAccount,
  newClient,
  newKey,
  signIn,
  untilRemembered,
} from '#scripts/prove/clients.ts'
import { without } from '#scripts/prove/faults.ts'
import type { Verdict } from '#scripts/prove/promise.ts'

interface Expectation {
  readonly name: string
  readonly client: Client
  readonly path: string
  readonly status: number
}

const enough = 3

/** Asks until every replica has answered a few times; the answers that were not expected, and how many there were in all. */
async function unexpected(
  stack: RunningStack,
  { name, client, path, status }: Expectation,
): Promise<{ wrong: string[]; count: number }> {
  const answers = new Map<string, number>()
  const wrong: string[] = []
  let count = 0
  const isMissing = (replica: string): boolean => (answers.get(replica) ?? 0) < enough
  while (Object.keys(stack.replicas).some(isMissing)) {
    if (count === 300) throw new Error(`${name}: not every replica answered: ${[...answers]}`)
    const reply = await client.get(path)
    const replica = String(reply.headers['x-served-by'])
    answers.set(replica, (answers.get(replica) ?? 0) + 1)
    count++
    const isSaidWhen = status !== 503 || Number(reply.headers['retry-after']) > 0
    if (reply.status !== status || !isSaidWhen) wrong.push(`${name}: ${reply.status} of ${replica}`)
  }
  return { wrong, count }
}

async function verdictOn(stack: RunningStack, expectations: readonly Expectation[]): Promise<Verdict> {
  const found: Awaited<ReturnType<typeof unexpected>>[] = []
  for (const expectation of expectations) found.push(await unexpected(stack, expectation))
  const wrong = found.flatMap((each) => each.wrong)
  const count = found.reduce((sum, each) => sum + each.count, 0)
  return {
    holds: wrong.length === 0,
    measured:
      `${wrong.length} of ${count} answers of all replicas wrong (${expectations.map(({ name, status }) => `${name}: ${status}`).join(', ')})` +
      (wrong.length > 0 ? `; ${wrong.slice(0, 3).join(', ')}` : ''),
  }
}

/** Tokens and a key that no replica has seen: what they mean is remembered by nobody. */
async function unseen(stack: RunningStack) {
  const account = await newAccount(stack)
  const token = await signIn(stack, account)
  const revoked = await signIn(stack, account)
  answered(await revoked.send('POST', '/api/v1/auth/logout'), 204, 'sign-out')
  const { client: key } = await newKey(stack)
  return { token, revoked, key }
}

const cached = '/api/v1/resources/1'

export async function withoutPostgres(stack: RunningStack): Promise<Verdict> {
  const { token, revoked, key } = await unseen(stack)
  await untilRemembered(stack, await newClient(stack), [cached])
  let verdict: Verdict | undefined
  await without(stack, ['postgres'], async () => {
    verdict = await verdictOn(stack, [
      { name: 'a signed token', client: token, path: '/api/v1/status', status: 200 },
      { name: 'one that was revoked', client: revoked, path: '/api/v1/status', status: 401 },
      { name: 'a key nobody remembers', client: key, path: '/api/v1/status', status: 503 },
      { name: 'a cached read', client: clientWith(stack), path: cached, status: 200 },
    ])
  })
  return verdict ?? { holds: false, measured: 'nothing' }
}

export async function withoutBoth(stack: RunningStack): Promise<Verdict> {
  const { token, key } = await unseen(stack)
  const { client: used } = await newKey(stack)
  await untilRemembered(stack, await newClient(stack), [cached])
  let verdict: Verdict | undefined
  await without(stack, ['redis', 'postgres'], async () => {
    for (let asked = 0; asked < 6; asked++) await used.get('/api/v1/status')
    // What a replica remembers of a credential is trusted for half a second without the bus.
    await delay(600)
    verdict = await verdictOn(stack, [
      { name: 'a cached public read', client: clientWith(stack), path: cached, status: 200 },
      {
        name: 'one of what is not cached',
        client: clientWith(stack),
        path: '/api/v1/resources/999999',
        status: 503,
      },
      { name: 'a signed token', client: token, path: cached, status: 503 },
      { name: 'a key', client: key, path: cached, status: 503 },
      { name: 'a key that was used before', client: used, path: cached, status: 503 },
    ])
  })
  return verdict ?? { holds: false, measured: 'nothing' }
}
