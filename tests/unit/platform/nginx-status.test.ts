import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { nginxMetrics, nginxStatus, nginxTiersOf, stubStatusOf } from '#platform/nginx-status.ts'
import { fakeClock } from '#tests/support/clock.ts'

const page = `Active connections: 291
server accepts handled requests
 16630948 16630946 31070465
Reading: 6 Writing: 179 Waiting: 106
`

t.test('reads what stub_status writes, and nothing else', async (t) => {
  t.strictSame(stubStatusOf(page), {
    ...{ active: 291, accepted: 16630948, handled: 16630946, requests: 31070465 },
    ...{ reading: 6, writing: 179, waiting: 106 },
  })
  for (const text of ['', 'Active connections: 291', '<html>1 2 3 4 5 6 7</html>'])
    t.equal(stubStatusOf(text), undefined)
})

t.test('asks a tier over its socket or its port, once for all metrics of a scrape', async (t) => {
  let asked = 0
  const serve = async (where: { port?: number; path?: string }) => {
    const server = createServer((_request, response) => {
      asked += 1
      response.end(page)
    })
    await new Promise<void>((resolve) => server.listen(where, resolve))
    t.teardown(() => server.close())
    return server.address() as AddressInfo
  }
  // Paths of sockets must be short.
  const folder = mkdtempSync(join(tmpdir(), 'nginx-status-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const socket = join(folder, 's')
  await serve({ path: socket })
  const { port } = await serve({ port: 0 })
  const clock = fakeClock()
  const tiers = nginxTiersOf([`gateway=unix:${socket}`, `balancer=127.0.0.1:${port}`])
  const metrics = nginxMetrics(nginxStatus(tiers, clock.now))
  const read = async () =>
    Object.fromEntries(await Promise.all(metrics.map(async (each) => [each.name, await each.read()])))
  t.match(await read(), {
    nginx_up: [
      { value: 1, labels: { tier: 'gateway' } },
      { value: 1, labels: { tier: 'balancer' } },
    ],
    nginx_requests_total: [{ value: 31070465 }, { value: 31070465 }],
  })
  t.equal(asked, 2)
  clock.advance(1_000)
  await read()
  t.equal(asked, 4)
})

t.test('a tier that does not answer is down, and tells nothing else', async (t) => {
  const tiers = nginxTiersOf([`gateway=unix:${join(t.testdir(), 'nobody')}`])
  const metrics = nginxMetrics(nginxStatus(tiers, fakeClock().now))
  t.strictSame(await metrics[0]?.read(), [{ value: 0, labels: { tier: 'gateway' } }])
  for (const metric of metrics.slice(1)) t.strictSame(await metric.read(), [])
  t.strictSame(nginxMetrics(nginxStatus([], fakeClock().now)), [], 'no tier, no metric')
})
