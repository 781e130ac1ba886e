/** A replica dies, drains or is replaced under load, and clients do not notice (P4, P5). */

import { randomUUID } from 'node:crypto'
import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { type Asked, ask, failures, startLoad } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
type Headers = Readonly<Record<string, string>>

/** A key of its own for each test: together they would spend one quota. */
async function ownKey(): Promise<Headers> {
  const made = await ask(stack.gateway, {
    method: 'POST',
    path: '/api/v1/api-keys',
    headers: { authorization: 'Bearer admin-token-dev' },
    body: { name: 'failover', scopes: ['users:read', 'resources:write'] },
  })
  const { key } = JSON.parse(made.body) as { key: string }
  return { authorization: `Bearer ${key}` }
}
const reads = [
  '/api/v1/resources/1',
  '/api/v1/items?limit=5',
  '/api/v1/users/1',
  '/api/v1/status',
  '/api/v1/items/3',
]
const reading =
  (headers: Headers) =>
  (asked: number): Asked => ({ method: 'GET', path: reads[asked % reads.length] ?? '', headers })

t.test(
  'a replica is killed: no read fails, and a keyed write has one effect however often it is tried',
  async (t) => {
    const headers = await ownKey()
    const read = reading(headers)
    const name = `killed-${randomUUID()}`
    const writes: Promise<number>[] = []
    const write = async (number: number): Promise<number> => {
      const keyed = { ...headers, 'idempotency-key': `${name}-${number}` }
      const body = { name: `${name}-${number}`, type: 'failover' }
      for (let tries = 1; ; tries++) {
        const { status } = await ask(stack.gateway, {
          method: 'POST',
          path: '/api/v1/resources',
          headers: keyed,
          body,
        })
        // 409: the first try is still running on the replica that dies, or was just cut off.
        if (status === 201 || tries === 50 || ![0, 409, 502, 503, 504].includes(status)) return status
      }
    }
    const load = startLoad(stack.gateway, 12, (asked) => {
      if (asked % 10 === 0) writes.push(write(writes.length))
      return read(asked)
    })
    await load.more(500)
    const pid = await stack.pid('api-2')
    await stack.kill('api-2', 'SIGKILL')
    await load.more(1_500)
    await stack.untilUp('api-2', pid)
    await load.more(500)
    await load.stop()
    t.strictSame(failures(load.replies, [200]), [])
    t.strictSame(new Set(await Promise.all(writes)), new Set([201]))
    t.ok(writes.length > 50)
    const made: string[] = []
    let cursor = ''
    do {
      const path = `/api/v1/resources?limit=100&type=failover&sort=-createdAt${cursor && `&cursor=${cursor}`}`
      const { body } = await ask(stack.gateway, { method: 'GET', path, headers })
      const page = JSON.parse(body) as { data: { name: string }[]; pagination: { nextCursor: string | null } }
      made.push(...page.data.map((resource) => resource.name).filter((each) => each.startsWith(name)))
      cursor = page.pagination.nextCursor ?? ''
    } while (cursor !== '')
    t.strictSame(made.sort(), writes.map((_, number) => `${name}-${number}`).sort(), 'each exactly once')
  },
)

t.test('a replica is frozen: it is noticed, its reads go to another, and it is back', async (t) => {
  const read = reading(await ownKey())
  const load = startLoad(stack.gateway, 12, read)
  await load.more(300)
  const pid = await stack.pid('api-3')
  await stack.kill('api-3', 'SIGSTOP')
  await stack.untilUp('api-3', pid)
  await load.more(300)
  await load.stop()
  t.strictSame(failures(load.replies, [200]), [])
})

t.test(
  'all replicas are replaced one after the other: nothing fails, not even a write without a key',
  async (t) => {
    const headers = await ownKey()
    const read = reading(headers)
    const load = startLoad(stack.gateway, 12, (asked) =>
      asked % 10 === 0
        ? {
            method: 'POST',
            path: '/api/v1/resources',
            headers,
            body: { name: `rolling ${asked}`, type: 'rolling' },
          }
        : read(asked),
    )
    await load.more(200)
    for (const name of ['api-1', 'api-2', 'api-3']) {
      await stack.restart(name)
      await load.more(200)
    }
    await load.stop()
    t.strictSame(failures(load.replies, [200, 201]), [])
  },
)

for (const name of ['redis', 'balancer', 'gateway', 'postgres']) {
  t.test(`${name} is killed and back: what was acknowledged is there, and all goes on`, async (t) => {
    const headers = await ownKey()
    const made = await ask(stack.gateway, {
      method: 'POST',
      path: '/api/v1/resources',
      headers,
      body: { name: `before ${name}`, type: 'killed' },
    })
    t.equal(made.status, 201)
    const pid = await stack.pid(name)
    await stack.kill(name, 'SIGKILL')
    await stack.untilUp(name, pid)
    const { id } = JSON.parse(made.body) as { id: number }
    const path = `/api/v1/resources/${id}`
    // Breakers open while Postgres is away, and try again by themselves.
    await eventually(
      t,
      async () => {
        const changed = await ask(stack.gateway, {
          method: 'PATCH',
          path,
          headers,
          body: { description: 'after' },
        })
        return changed.status === 200
      },
      { withinMs: 30_000 },
    )
    const after = await ask(stack.gateway, { method: 'GET', path, headers })
    t.match(JSON.parse(after.body), { name: `before ${name}`, description: 'after' })
  })
}

for (const name of ['redis', 'postgres']) {
  t.test(`${name} is frozen and thaws: what is cached is read meanwhile, and all goes on`, async (t) => {
    const headers = await ownKey()
    const path = '/api/v1/resources/2'
    const read = () => ask(stack.gateway, { method: 'GET', path, headers })
    const write = () => ask(stack.gateway, { method: 'PATCH', path, headers, body: { description: name } })
    // By every replica: another one would have to ask Postgres.
    for (let tries = 0; tries < 30; tries += 1) t.equal((await read()).status, 200)
    const pids = (await stack.report()).find((one) => one.name === name)?.pids ?? []
    const tell = (signal: 'SIGSTOP' | 'SIGCONT') => {
      // The leader last, so that it starts nobody else; one that ended by itself meanwhile is frozen enough.
      for (const pid of pids.toReversed()) {
        try {
          process.kill(pid, signal)
        } catch {}
      }
    }
    tell('SIGSTOP')
    t.teardown(() => tell('SIGCONT'))
    if (name === 'redis') {
      for (let tries = 0; tries < 10; tries += 1) t.equal((await read()).status, 200)
      await eventually(t, async () => (await write()).status === 200, { withinMs: 30_000 })
    } else {
      t.match((await write()).status, /^50[34]$/)
      await eventually(t, async () => (await read()).status === 200, { withinMs: 30_000 })
    }
    tell('SIGCONT')
    await eventually(t, async () => (await write()).status === 200, { withinMs: 60_000 })
    t.match(JSON.parse((await read()).body), { description: name })
  })
}
