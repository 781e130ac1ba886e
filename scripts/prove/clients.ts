/** Clients of the demo for measurements: an API key of their own each, so that no quota is shared. */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { type Asked, ask, newAddress, type Reply, startLoad } from '#tests/support/load.ts'

export interface Client {
  /** None for one that is nobody. */
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<Reply>
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>
}

export function clientWith(
  { gateway }: Pick<RunningStack, 'gateway'>,
  token?: string,
  from: () => string = sharedAddress,
): Client {
  const own: Client['headers'] = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    headers: own,
    get: (path) => ask(gateway, { method: 'GET', path, headers: own, from: from() }),
    send: (method, path, body, headers = {}) =>
      ask(gateway, { method, path, headers: { ...own, ...headers }, body, from: from() }),
  }
}

// What is refused, and each sign-in, counts against its address: no client of a measurement spends what another needs.
const addresses = Array.from({ length: 250 }, newAddress)
let asked = 0
const sharedAddress = (): string => addresses[asked++ % addresses.length] ?? '127.0.0.1'

/** The same, always from one address, which nobody else comes from. */
export function clientFromOneAddress(stack: RunningStack, token?: string): Client {
  const address = newAddress()
  return clientWith(stack, token, () => address)
}

export const admin = (stack: Pick<RunningStack, 'gateway'>): Client => clientWith(stack, 'admin-token-dev')

/** The answer's body. @throws {Error} when the answer is another */
export function answered<T>(reply: Reply, status: number, what: string): T {
  if (reply.status !== status) throw new Error(`${what}: ${reply.status} ${reply.body}`)
  return (reply.body === '' ? undefined : JSON.parse(reply.body)) as T
}

interface KeyOptions {
  readonly limitPerMinute?: number
  /** The demo's admin without one; of anybody else it has no scopes. */
  readonly owner?: Client
}

export async function newKey(
  stack: RunningStack,
  { limitPerMinute, owner }: KeyOptions = {},
): Promise<{ id: number; client: Client }> {
  const body = {
    name: `prove-${randomUUID()}`,
    scopes: owner === undefined ? ['users:read', 'resources:write'] : [],
    ...(limitPerMinute !== undefined && { limitPerMinute }),
  }
  const made = await (owner ?? admin(stack)).send('POST', '/api/v1/api-keys', body)
  const { id, key } = answered<{ id: number; key: string }>(made, 201, 'no API key')
  return { id, client: clientWith(stack, key) }
}

export const newClient = async (stack: RunningStack, limitPerMinute?: number): Promise<Client> =>
  (await newKey(stack, limitPerMinute === undefined ? {} : { limitPerMinute })).client

export interface Account {
  readonly id: number
  readonly email: string
  readonly password: string
  /** Its first session. */
  readonly session: Client
}

interface SignedIn {
  readonly token: string
  readonly user: { readonly id: number }
}

export async function newAccount(stack: RunningStack): Promise<Account> {
  const email = `prove-${randomUUID()}@example.org`
  const password = randomUUID()
  const body = { email, password, name: 'Prove' }
  const made = await clientWith(stack).send('POST', '/api/v1/auth/register', body)
  const { token, user } = answered<SignedIn>(made, 201, 'no account')
  return { id: user.id, email, password, session: clientWith(stack, token) }
}

/** Another session of it. */
export async function signIn(
  stack: RunningStack,
  { email, password }: Pick<Account, 'email' | 'password'>,
): Promise<Client> {
  const reply = await clientWith(stack).send('POST', '/api/v1/auth/login', { email, password })
  return clientWith(stack, answered<SignedIn>(reply, 200, 'sign-in').token)
}

/** Creates `name` under its own key, again and again until it is acknowledged; what else it was answered ends it. */
export async function createKeyed(client: Client, name: string, type: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    const key = { 'idempotency-key': name }
    const { status } = await client.send('POST', '/api/v1/resources', { name, type }, key)
    // 409: the first try is still running, or was just cut off. 503 while a breaker is open.
    if (tries === 400 || ![0, 409, 502, 503, 504].includes(status)) return status
    await delay(50)
  }
}

/** The names of all resources of a type, read page by page. */
export async function namesOf(client: Client, type: string): Promise<string[]> {
  const names: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body } = await client.get(
      `/api/v1/resources?limit=100&type=${type}${cursor && `&cursor=${cursor}`}`,
    )
    const page = JSON.parse(body) as {
      data: { name: string }[]
      pagination: { nextCursor: string | null }
    }
    names.push(...page.data.map(({ name }) => name))
    cursor = page.pagination.nextCursor
  }
  return names
}

const read = (asked: number, headers: Client['headers']): Asked => ({
  method: 'GET',
  path: `/api/v1/resources/${1 + (asked % 20)}`,
  headers,
  from: sharedAddress(),
})

/** Reads side by side with whatever `during` does; every answer. */
export async function readingDuring(
  stack: RunningStack,
  during: (more: (count: number) => Promise<void>) => Promise<void>,
  { hasWrites = false, client }: { readonly hasWrites?: boolean; readonly client?: Client } = {},
): Promise<readonly Reply[]> {
  const { headers } = client ?? (await newClient(stack))
  const load = startLoad(stack.gateway, 8, (asked) =>
    hasWrites && asked % 10 === 0
      ? {
          method: 'POST',
          path: '/api/v1/resources',
          headers,
          from: sharedAddress(),
          body: { name: `load ${asked}`, type: 'load' },
        }
      : read(asked, headers),
  )
  try {
    await load.more(200)
    await during(load.more)
    await load.more(200)
  } finally {
    await load.stop()
  }
  return load.replies
}

const isFreshLocally = ({ status, headers }: Reply): boolean =>
  status === 200 && /^sluice; hit; ttl=\d+; detail=l1/.test(String(headers['cache-status']))

/** Until every replica answers `client` each of `paths` from its own memory: after a fault it takes a while until it keeps anything. */
export async function untilRemembered(
  stack: RunningStack,
  client: Client,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const missing = new Set(Object.keys(stack.replicas))
    for (let tries = 0; missing.size > 0; tries++) {
      if (tries === 1_000) throw new Error(`${path} is not kept by ${[...missing].join(', ')}`)
      const reply = await client.get(path)
      if (isFreshLocally(reply)) missing.delete(String(reply.headers['x-served-by']))
      if (tries > 10) await delay(20)
    }
  }
}

export async function killAndWait(stack: RunningStack, name: string): Promise<void> {
  const pid = await stack.pid(name)
  await stack.kill(name, 'SIGKILL')
  await stack.untilUp(name, pid)
}

/** Until each replica writes again: after a fault its breakers stay open for a while, which is another promise's subject. */
export async function untilWhole(stack: RunningStack): Promise<void> {
  for (const [name, gateway] of Object.entries(stack.replicas)) {
    const client = admin({ gateway })
    const status = await createKeyed(client, `whole-${randomUUID()}`, 'whole')
    if (status !== 201) throw new Error(`${name} does not write any more: ${status}`)
  }
}
