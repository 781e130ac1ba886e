/** Clients that do not take what they asked for, say too much, or say goodbye too early. */

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { startEdge } from './support/edge.ts'
import { ask, sendBytes } from './support/http.ts'
import { type Answer, echo } from './support/stub-replica.ts'

const line = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const large = Buffer.alloc(32 * 1024 * 1024, 'x')

/** Half a minute of patience, as configured, is too long to wait for here. */
function impatient(folder: string): void {
  const file = join(folder, 'gateway', 'limits.conf')
  const written = readFileSync(file, 'utf8')
  const shorter = written.replace('send_timeout 30s;', 'send_timeout 1s;')
  if (shorter === written) throw new Error('send_timeout is not where it was')
  writeFileSync(file, shorter)
}

/** Answers under way at the gateway, this one among them. */
async function writing(folder: string): Promise<number> {
  const asked = request({ socketPath: join(folder, 'gateway-status.sock'), path: '/', agent: false }).end()
  const [answer] = await once(asked, 'response')
  return Number(/Writing: (\d+)/.exec(await text(answer))?.[1])
}

function client(t: Test, port: number, options = {}): Socket {
  const socket = connect({ port, host: '127.0.0.1', ...options })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  return socket
}

/** By a goodbye or by a reset. */
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', resolve))

t.test('a client that never reads holds no replica, and is let go', async (t) => {
  let [begun, over] = [0, 0]
  const answer: Answer = (request, reply) => {
    if (!request.url?.includes('large')) return echo(request, reply)
    begun += 1
    reply.on('close', () => {
      over += 1
    })
    reply.writeHead(200, { 'content-type': 'application/json', 'content-length': large.length })
    reply.end(large)
  }
  const edge = await startEdge(t, { answer, adjust: impatient })
  const clients = Array.from({ length: 3 }, () => {
    const socket = client(t, edge.gatewayPort)
    socket.pause()
    socket.write(line('/api/v1/resources?large'))
    return socket
  })
  const ended = clients.map((socket) => closed(socket))
  await eventually(t, () => begun === clients.length)
  t.equal((await ask(edge.gatewayPort, '/api/v1/status')).status, 200, 'others are answered meanwhile')
  await eventually(t, () => over === clients.length, { withinMs: 15_000 })
  await eventually(t, async () => (await writing(edge.folder)) === 1, { withinMs: 15_000 })
  // A socket that is not read is not told that it was reset.
  for (const socket of clients) socket.resume()
  await Promise.all(ended)
  const received = clients.map(({ bytesRead }) => bytesRead)
  t.ok(
    received.every((bytes) => bytes < large.length),
    `cut off at ${received} bytes`,
  )
})

t.test('ten megabytes of header: refused or cut off, no replica sees it, others are answered', async (t) => {
  const edge = await startEdge(t)
  const many = Array.from({ length: 1_300 }, (_, n) => `x-${n}: ${'y'.repeat(8_000)}\r\n`).join('')
  const one = `x: ${'y'.repeat(10_000_000)}\r\n`
  for (const headers of [one, many]) {
    const answer = await sendBytes(edge.gatewayPort, `${line('/api/v1/status').slice(0, -2)}${headers}\r\n`)
    t.match(answer, /^($|HTTP\/1\.1 431 .*"headers_too_large")/s)
  }
  t.equal(edge.replicas.flatMap(({ received }) => received).length, 0)
  t.equal((await ask(edge.gatewayPort, '/api/v1/status')).status, 200)
})

t.test(
  'a client that closes its half after the question is let go at once, its question at its deadline',
  async (t) => {
    let left = 0
    const answer: Answer = (request, reply) => {
      if (!request.url?.includes('hang')) return echo(request, reply)
      reply.on('close', () => {
        left += 1
      })
    }
    const edge = await startEdge(t, { answer, variables: { BALANCER_READ_TIMEOUT: '1s' } })
    const socket = client(t, edge.gatewayPort, { allowHalfOpen: true })
    const ended = closed(socket)
    socket.resume()
    socket.end(line('/api/v1/status?hang'))
    await ended
    await eventually(t, () => left >= 1)
    t.equal((await ask(edge.gatewayPort, '/api/v1/status')).status, 200)
  },
)
