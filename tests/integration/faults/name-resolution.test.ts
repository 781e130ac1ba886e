/** Names that do not resolve: at the start, and while running. Only the resolver is the test's; the servers are real. */

import dns from 'node:dns'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { doorTo } from '#tests/integration/severable.ts'
import { application } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import { freePorts } from '#tests/support/ports.ts'
import { replicaSettings, startReplica } from '#tests/support/replica-process.ts'

const path = '/api/v1/resources'
const body = { name: 'One', type: 'document' }
const domain = '.sluice.test'

/** Names below `domain` are this machine; each fails while it has a code here. */
function ownNames(t: Test): Map<string, string> {
  const failing = new Map<string, string>()
  const real = dns.lookup
  const lookup = (name: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void) => {
    if (!name.endsWith(domain)) return real(name, options, done as never)
    const code = failing.get(name.slice(0, -domain.length))
    const failure = Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, hostname: name })
    const found = options.all ? [[{ address: '127.0.0.1', family: 4 }]] : ['127.0.0.1', 4]
    process.nextTick(() => (code === undefined ? done(null, ...found) : done(failure)))
  }
  dns.lookup = lookup as unknown as typeof dns.lookup
  t.teardown(() => {
    dns.lookup = real
  })
  return failing
}

/** A TCP port in front of `socketPath`; `cut` ends what is connected, so that the name is asked for again. */
async function portTo(t: Test, socketPath: string): Promise<{ port: number; cut: () => void }> {
  const [port = 0] = await freePorts(1)
  const { server, cut } = doorTo(socketPath)
  server.listen(port, '127.0.0.1')
  t.teardown(() => {
    server.close()
    cut()
  })
  return { port, cut }
}

t.test('names that stop resolving while it runs: an outage like any other, over when they do', async (t) => {
  const failing = ownNames(t)
  const answering = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{"a":1}',
      ),
    )
  })
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
  t.teardown(() => answering.close())
  const { port } = answering.address() as { port: number }
  const cuts = { db: () => {}, redis: () => {} }
  const app = await application(t, async (databaseUrl, redisUrl) => {
    const address = new URL(databaseUrl)
    const sockets = String(address.searchParams.get('host'))
    const postgres = await portTo(t, join(sockets, `.s.PGSQL.${address.port || 5432}`))
    const redis = await portTo(t, redisUrl.replace('unix://', ''))
    Object.assign(cuts, { db: postgres.cut, redis: redis.cut })
    return {
      DATABASE_URL: `postgres://sluice_app@db${domain}:${postgres.port}${address.pathname}`,
      REDIS_URL: `redis://redis${domain}:${redis.port}/0`,
      EXTERNAL_URL: `http://weather${domain}:${port}/`,
      CIRCUIT_RESET_TIMEOUT: '200',
    }
  })
  const member = await app.member()
  const { body: made } = await member.post<{ id: number }>(path, body)
  const one = `${path}/${made.id}`
  const write = () => member.post(path, body)
  const external = <Body>() => app.anonymous.get<Body>('/api/v1/external')
  t.match(await external(), { status: 200, body: { data: { a: 1 }, source: 'live' } })
  const state = async (name: string) =>
    (await app.anonymous.get<{ dependencies: Record<string, string> }>('/health/ready')).body.dependencies[
      name
    ]

  for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
    await eventually(t, async () =>
      (await app.anonymous.get(one)).headers['cache-status']?.includes('detail=l1'),
    )
    failing.set('db', code).set('weather', code)
    cuts.db()
    const refused = await eventually(t, async () => {
      const answer = await write()
      return answer.status === 201 ? undefined : answer
    })
    t.match(refused, { status: 503, body: { error: 'dependency_unavailable' } }, code)
    t.notMatch(JSON.stringify(refused), /getaddrinfo|sluice\.test/, 'nothing of the inside shows')
    for (let round = 0; round < 8; round++) t.equal((await write()).status, 503, code)
    t.match(await app.anonymous.get(one), { status: 200, body: made }, 'what is known is answered')
    t.match(await external(), { status: 200, body: { data: { a: 1 }, source: 'fallback' } })
    t.equal((await app.anonymous.get('/health/ready')).status, 200)
    failing.clear()
    await eventually(t, async () => (await write()).status === 201)
    await eventually(t, async () => (await external<{ source: string }>()).body.source === 'live')

    failing.set('redis', code)
    cuts.redis()
    await eventually(t, async () => (await state('redis')) === 'down')
    t.equal((await write()).status, 201, 'nothing fails for Redis')
    t.match(await app.anonymous.get(one), { status: 200, body: made })
    failing.clear()
    await eventually(t, async () => (await state('redis')) === 'up')
  }
})

t.test('an external service whose name never resolved: 503, and nothing of the inside', async (t) => {
  ownNames(t).set('weather', 'ENOTFOUND')
  const app = await application(t, () => ({ EXTERNAL_URL: `http://weather${domain}/` }))
  const refused = await app.anonymous.get('/api/v1/external')
  t.match(refused, { status: 503, body: { error: 'dependency_unavailable' } })
  t.notMatch(JSON.stringify(refused), /getaddrinfo|sluice\.test/)
})

t.test('a database whose name does not resolve: the start says so, and waits', async (t) => {
  const [port = 0] = await freePorts(1)
  const settings = await replicaSettings(t, port)
  const url = 'postgres://sluice@db.invalid:5432/sluice'
  const replica = startReplica(t, { ...settings, DATABASE_URL: url })
  await eventually(t, () => /waiting for the database/.test(replica.stdout()), { withinMs: 60_000 })
  t.equal(replica.child.exitCode, null)
  t.equal(replica.stderr(), '')
})

t.test('a Redis whose name does not resolve: it starts and serves without', async (t) => {
  const [port = 0] = await freePorts(1)
  const settings = await replicaSettings(t, port)
  const replica = startReplica(t, { ...settings, REDIS_URL: 'redis://redis.invalid:6379/0' })
  const answer = await eventually(
    t,
    async () => (await fetch(`http://127.0.0.1:${port}/api/v1/status`)).status,
    { withinMs: 60_000 },
  )
  t.equal(answer, 200)
  t.equal(replica.child.exitCode, null)
})
