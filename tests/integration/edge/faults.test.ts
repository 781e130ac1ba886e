/** What the edge does when something behind it is gone, slow or poisonous. */

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { startEdge } from './support/edge.ts'
import { ask, type Problem } from './support/http.ts'
import { echo, type Seen } from './support/stub-replica.ts'
import { unreachableAddress } from './support/unreachable.ts'

const receivedBy = (edge: { readonly replicas: ReadonlyArray<{ readonly received: readonly unknown[] }> }) =>
  edge.replicas.map((replica) => replica.received.length)

t.test('spreads requests evenly over the replicas', async (t) => {
  const edge = await startEdge(t)
  for (let n = 0; n < 30; n++) await ask(edge.gatewayPort, '/api/v1/status')
  t.strictSame(receivedBy(edge), [10, 10, 10])
})

t.test('a killed replica costs nobody a request, also writes that were never sent', async (t) => {
  const edge = await startEdge(t)
  edge.replicas[0]?.kill()
  for (let n = 0; n < 12; n++) {
    const reply = await ask(edge.gatewayPort, '/api/v1/auth/logout', {
      method: 'POST',
      headers: { authorization: 'Bearer a' },
    })
    t.equal(reply.status, 200)
  }
})

t.test('two dead of three are soon left alone, also while many ask at once', async (t) => {
  const edge = await startEdge(t)
  edge.replicas[0]?.kill()
  edge.replicas[1]?.kill()
  const askMany = () => Promise.all(Array.from({ length: 30 }, () => ask(edge.gatewayPort, '/api/v1/status')))
  // Two dozen failures each, and a request that meets the living one counts for neither.
  for (let round = 0; round < 4; round++) await askMany()
  for (let round = 0; round < 5; round++) {
    const failed = (await askMany()).filter((reply) => reply.status !== 200)
    // Once a second each dead one is tried again, by one request.
    t.ok(failed.length <= 1, `${failed.length} of 30 failed`)
  }
})

t.test('a replica whose packets get no answer is passed over, also by writes', async (t) => {
  const edge = await startEdge(t, {
    variables: { API_1: await unreachableAddress(t) },
    adjust: (folder) => {
      const file = join(folder, 'balancer', 'retry.conf')
      const retry = readFileSync(file, 'utf8')
      const shorter = retry.replace('proxy_connect_timeout 1s;', 'proxy_connect_timeout 100ms;')
      t.not(shorter, retry)
      writeFileSync(file, shorter)
    },
  })
  const headers = { authorization: 'Bearer a' }
  for (let n = 0; n < 6; n++) {
    t.equal((await ask(edge.gatewayPort, '/api/v1/status')).status, 200)
    t.equal((await ask(edge.gatewayPort, '/api/v1/auth/logout', { method: 'POST', headers })).status, 200)
  }
  t.equal(
    receivedBy(edge).reduce((a, b) => a + b),
    12,
    'by the other two, each once',
  )
})

t.test('a safe request that a replica cuts off is tried once more, a POST never', async (t) => {
  const edge = await startEdge(t, { answer: (request) => request.socket.destroy() })
  const bearer = { authorization: 'Bearer a' }
  for (const [method, tries] of [
    ['GET', 2],
    ['PUT', 2],
    ['DELETE', 2],
    ['POST', 1],
    ['PATCH', 1],
  ] as const) {
    const before = receivedBy(edge).reduce((a, b) => a + b)
    const reply = await ask<Problem>(edge.gatewayPort, '/api/v1/users/1', { method, headers: bearer })
    t.match(reply, {
      status: 502,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '1' },
      body: { status: 502, error: 'dependency_unavailable', requestId: reply.headers['x-request-id'] },
    })
    t.equal(receivedBy(edge).reduce((a, b) => a + b) - before, tries, method)
  }
})

t.test('one hanging request is answered 504 and ejects nobody', async (t) => {
  const edge = await startEdge(t, {
    variables: { BALANCER_READ_TIMEOUT: '3s' },
    answer: (request, reply) => (request.url?.includes('hang') ? undefined : echo(request, reply)),
  })
  const hanging = await ask<Problem>(edge.gatewayPort, '/api/v1/resources/hang')
  t.match(hanging, { status: 504, body: { error: 'deadline_exceeded', title: 'It took too long' } })
  t.equal(
    receivedBy(edge).reduce((a, b) => a + b),
    1,
    'no second replica was given it',
  )
  for (let n = 0; n < 9; n++) t.equal((await ask(edge.gatewayPort, '/api/v1/status')).status, 200)
})

t.test('holds back what is too much, and nobody else for it', async (t) => {
  const hung: (() => void)[] = []
  const edge = await startEdge(t, {
    variables: { BALANCER_READ_TIMEOUT: '60s', GATEWAY_READ_TIMEOUT: '60s' },
    answer: (request, reply) => {
      if (request.headers['x-hang'] === undefined) echo(request, reply)
      else hung.push(() => echo(request, reply))
    },
  })
  const asked = Array.from({ length: 416 }, () =>
    ask<Problem>(edge.gatewayPort, '/api/v1/resources', { headers: { 'x-hang': '1' } }),
  )
  await eventually(t, () => hung.length === 384, { withinMs: 30_000 })
  t.match(await ask<Problem>(edge.gatewayPort, '/api/v1/resources'), {
    status: 503,
    headers: { 'retry-after': '1' },
    body: { error: 'overloaded', title: 'Overloaded' },
  })
  const bearer = { authorization: 'Bearer a' }
  for (const path of ['/api/v1/resources', '/api/v1/admin/cache'])
    t.equal((await ask(edge.gatewayPort, path, { headers: bearer })).status, 200, `${path} with a credential`)
  t.equal((await ask(edge.gatewayPort, '/api/v1/health')).status, 200)
  for (const answer of hung) answer()
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  t.equal(statuses.filter((status) => status === 200).length, 384)
  t.equal(statuses.filter((status) => status === 503).length, 32)
  t.equal((await ask(edge.gatewayPort, '/api/v1/resources')).status, 200, 'places are given back')
})

t.test('says 503 for the replicas when none answers, and goes on answering for itself', async (t) => {
  const edge = await startEdge(t)
  for (const replica of edge.replicas) replica.kill()
  for (const port of [edge.gatewayPort, edge.balancerPort]) {
    const reply = await ask<Problem>(port, '/lb/status')
    t.match(reply, { status: 503, body: { status: 503, error: 'dependency_unavailable' } })
    t.equal(reply.headers['x-request-id'], reply.body.requestId)
    t.equal((await ask(port, '/lb-health')).status, 200)
    t.match(await ask(port, '/api/v1/status'), { status: 502, body: { error: 'dependency_unavailable' } })
  }
})

t.test('asks one replica after another for the list of replicas', async (t) => {
  const edge = await startEdge(t)
  edge.replicas[0]?.kill()
  edge.replicas[1]?.kill()
  for (let n = 0; n < 4; n++) t.equal((await ask(edge.balancerPort, '/lb/status')).status, 200)
})

t.test(
  'the gateway is healthy, refuses and serves its page while everything behind it is gone',
  async (t) => {
    const edge = await startEdge(t)
    await edge.kill('balancer')
    t.strictSame((await ask(edge.gatewayPort, '/gateway-health')).body, { status: 'ok', service: 'gateway' })
    t.equal((await ask(edge.gatewayPort, '/api/v1/users')).status, 401)
    t.match((await ask<string>(edge.gatewayPort, '/')).body, /<h1>Sluice<\/h1>/)
    const reply = await ask<Problem>(edge.gatewayPort, '/api/v1/status', {
      headers: { origin: 'http://localhost:5173' },
    })
    t.match(reply, {
      status: 502,
      headers: { 'retry-after': '1', 'access-control-allow-origin': 'http://localhost:5173' },
      body: { error: 'dependency_unavailable', requestId: reply.headers['x-request-id'] },
    })
  },
)

t.test(
  'events of the admin stream pass at once, by each of its names, and it ends with its reader',
  async (t) => {
    let open = 0
    const edge = await startEdge(t, {
      answer: (_, reply) => {
        open += 1
        reply.on('close', () => {
          open -= 1
        })
        reply.writeHead(200, { 'content-type': 'text/event-stream' })
        reply.write('data: first\n\n')
      },
    })
    for (const path of ['/api/v1/admin/events', '/api/admin/events', '/api/v1/admin/events/']) {
      t.equal((await ask(edge.gatewayPort, path)).status, 401)
      const stream = request({
        host: '127.0.0.1',
        port: edge.gatewayPort,
        path,
        headers: { authorization: 'Bearer a', 'accept-encoding': 'gzip' },
      }).end()
      const [response] = await once(stream, 'response')
      const [chunk] = await once(response, 'data')
      t.equal(String(chunk), 'data: first\n\n')
      stream.destroy()
      await eventually(t, () => open === 0)
    }
  },
)

t.test('requests one after another travel over one kept connection per replica', async (t) => {
  const ports = new Set<unknown>()
  const edge = await startEdge(t, {
    answer: (request, reply) => {
      ports.add(request.socket)
      echo(request, reply)
    },
  })
  for (let n = 0; n < 60; n++) await ask<Seen>(edge.gatewayPort, '/api/v1/status')
  t.equal(ports.size, 3)
})
