/** Clients of the demo for measurements: an API key of their own each, so that no quota is shared. */

import { randomUUID } from 'node:crypto'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { type Asked, ask, type Reply, startLoad } from '#tests/support/load.ts'

export interface Client {
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<Reply>
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>
}

export function clientWith({ gateway }: Pick<RunningStack, 'gateway'>, token: string): Client {
  const own = { authorization: `Bearer ${token}` }
  return {
    headers: own,
    get: (path) => ask(gateway, { method: 'GET', path, headers: own }),
    send: (method, path, body, headers = {}) =>
      ask(gateway, { method, path, headers: { ...own, ...headers }, body }),
  }
}

export async function newClient(stack: RunningStack, limitPerMinute?: number): Promise<Client> {
  const name = `prove-${randomUUID()}`
  const body = {
    name,
    scopes: ['users:read', 'resources:write'],
    ...(limitPerMinute !== undefined && { limitPerMinute }),
  }
  const made = await clientWith(stack, 'admin-token-dev').send('POST', '/api/v1/api-keys', body)
  if (made.status !== 201) throw new Error(`no API key: ${made.status} ${made.body}`)
  return clientWith(stack, (JSON.parse(made.body) as { key: string }).key)
}

/** Creates `name` under its own key, again and again until it is acknowledged; what else it was answered ends it. */
export async function createKeyed(client: Client, name: string, type: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    const key = { 'idempotency-key': name }
    const { status } = await client.send('POST', '/api/v1/resources', { name, type }, key)
    // 409: the first try is still running, or was just cut off. 503 while a breaker is open.
    if (tries === 400 || ![0, 409, 502, 503, 504].includes(status)) return status
    await new Promise((resolve) => setTimeout(resolve, 50))
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
})

/** Reads side by side with whatever `during` does; every answer. */
export async function readingDuring(
  stack: RunningStack,
  during: (more: (count: number) => Promise<void>) => Promise<void>,
  { hasWrites }: { readonly hasWrites: boolean } = { hasWrites: false },
): Promise<readonly Reply[]> {
  const { headers } = await newClient(stack)
  const load = startLoad(stack.gateway, 8, (asked) =>
    hasWrites && asked % 10 === 0
      ? { method: 'POST', path: '/api/v1/resources', headers, body: { name: `load ${asked}`, type: 'load' } }
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

export async function killAndWait(stack: RunningStack, name: string): Promise<void> {
  const pid = await stack.pid(name)
  await stack.kill(name, 'SIGKILL')
  await stack.untilUp(name, pid)
}

/** Until each replica writes again: after a fault its breakers stay open for a while, which is another promise's subject. */
export async function untilWhole(stack: RunningStack): Promise<void> {
  for (const [name, gateway] of Object.entries(stack.replicas)) {
    const client = clientWith({ gateway }, 'admin-token-dev')
    const status = await createKeyed(client, `whole-${randomUUID()}`, 'whole')
    if (status !== 201) throw new Error(`${name} does not write any more: ${status}`)
  }
}
