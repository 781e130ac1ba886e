/** `nginx -s reload` under load, of either tier; and connections that the two ends might close at the same moment. */

import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pass } from 'node:timers/promises'
import t from 'tap'
import { identify } from '#scripts/engine/identity.ts'
import { layoutOf } from '#scripts/engine/layout.ts'
import { reloadNginx, renewNginx } from '#scripts/engine/nginx-reload.ts'
import { nginxVersion, outlivesReload, type Tier } from '#scripts/engine/nginx-variables.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
const { layout } = stack
const settings =
  layout.state === layoutOf(0).state
    ? localSettings()
    : localSettings({ PORT_BASE: String(layout.ports.balancer) }, '/dev/null')
const reload = (tier: Tier) => reloadNginx(tier, { settings, layout })

const headers = { authorization: 'Bearer admin-token-dev', 'content-type': 'application/json' }
// A connection for each request: what a client's own kept connections meet at a reload is between it and nginx.
const fresh = new Agent({ keepAlive: false })
const kept = new Agent({ keepAlive: true })

interface Sent {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly key?: string
  readonly agent?: Agent
}

const send = ({ method, path, key, agent = fresh }: Sent): Promise<number | string> =>
  new Promise((resolve) => {
    const asked = request(
      new URL(path, stack.gateway),
      { agent, method, headers: { ...headers, ...(key && { 'idempotency-key': key }) } },
      (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
    )
    asked.on('error', (error) => resolve(error.message))
    asked.end(method === 'POST' ? JSON.stringify({ name: key ?? 'reload', type: 'reload' }) : undefined)
  })

/** Reads and keyed writes, a write again until it is answered, while `work` lasts. Every answer, and the keys. */
async function underLoad(work: () => Promise<void>) {
  const reads: (number | string)[] = []
  const writes: (number | string)[] = []
  const cut = { count: 0 }
  const names: string[] = []
  let isOver = false
  const reader = async () => {
    while (!isOver) {
      reads.push(await send({ method: 'GET', path: '/api/v1/resources/1' }))
      await pass(3)
    }
  }
  const writer = async () => {
    while (!isOver) {
      const key = randomUUID()
      names.push(key)
      let status = await send({ method: 'POST', path: '/api/v1/resources', key })
      for (let tries = 1; tries < 20 && status !== 201; tries += 1) {
        if (typeof status === 'string' || status === 502) cut.count += 1
        await pass(50)
        status = await send({ method: 'POST', path: '/api/v1/resources', key })
      }
      writes.push(status)
      await pass(3)
    }
  }
  const all = Promise.all([reader(), reader(), reader(), writer(), writer(), writer()])
  try {
    await work()
  } finally {
    isOver = true
    await all
  }
  return { reads, writes, cut, names }
}

for (const tier of ['gateway', 'balancer'] as const) {
  t.test(`${tier} is reloaded again and again: every request is answered`, async (t) => {
    const { reads, writes, cut, names } = await underLoad(async () => {
      for (let times = 0; times < 5; times += 1) {
        await reload(tier)
        await pass(200)
      }
    })
    t.ok(reads.length > 0 && writes.length > 0)
    t.strictSame(new Set(reads), new Set([200]))
    t.strictSame(new Set(writes), new Set([201]))
    t.equal(cut.count, 0, 'at the first try')
    t.equal(await countOf(new Set(names)), names.length, 'each write has one effect')
  })
}

t.test('what nginx runs with is renewed where it differs, and left alone where it does not', async (t) => {
  await reload('gateway')
  const master = await stack.pid('gateway')
  const workers = async () =>
    (await stack.report())
      .find(({ name }) => name === 'gateway')
      ?.pids.slice(1)
      .map(identify) ?? []
  const before = await workers()
  t.equal(await renewNginx('gateway', { settings, layout }), false)
  t.strictSame(await workers(), before, 'the same workers')

  const config = { ...settings.config, EDGE_SIGN_IN_BURST: settings.config.EDGE_SIGN_IN_BURST + 1 }
  t.equal(await renewNginx('gateway', { settings: { ...settings, config }, layout }), true)
  const known = new Set(before.map((worker) => worker?.pid))
  t.ok(
    (await workers()).some((worker) => !known.has(worker?.pid)),
    'new workers',
  )
  t.equal(await stack.pid('gateway'), master, 'the same master')
  t.equal(await renewNginx('gateway', { settings, layout }), true, 'and back')
  t.equal(await send({ method: 'GET', path: '/api/v1/resources/1' }), 200)
})

const canKeep = outlivesReload(nginxVersion())

t.test(
  'clients that keep their connections to the gateway lose nothing while it is reloaded',
  { skip: !canKeep && 'nginx keeps them from 1.27.4 on' },
  async (t) => {
    let isOver = false
    const answers: (number | string)[] = []
    const client = async (method: Sent['method'], pauseMs: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      while (!isOver) {
        answers.push(await send({ method, path: '/api/v1/resources', agent }))
        await pass(pauseMs)
      }
      agent.destroy()
    }
    const clients = Array.from({ length: 24 }, (_, n) => client(n % 3 === 0 ? 'POST' : 'GET', 1 + n))
    for (let reloads = 0; reloads < 6; reloads += 1) {
      await reload('gateway')
      await pass(500)
    }
    isOver = true
    await Promise.all(clients)
    t.ok(answers.length > 500, `${answers.length} answers`)
    t.strictSame(
      answers.filter((answer) => answer !== 200 && answer !== 201),
      [],
    )
  },
)

t.test('files that nginx refuses are refused, and it goes on with those it has', async (t) => {
  const config = { ...settings.config, EDGE_SIGN_IN_BURST: Number.NaN }
  await t.rejects(renewNginx('gateway', { settings: { ...settings, config }, layout }), /nginx refuses/)
  t.equal(await renewNginx('gateway', { settings, layout }), false, 'as it was')
  t.equal(await send({ method: 'GET', path: '/api/v1/resources/1' }), 200)
})

t.test(
  'a POST on a connection that was idle for as long as the next tier keeps one is answered',
  async (t) => {
    // The balancer lets go of a replica after 5 s; replicas keep theirs for 72 s, so they never close first.
    const statuses = await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        await send({ method: 'POST', path: '/api/v1/resources', agent: kept })
        await pass(4_880 + index * 10)
        return send({ method: 'POST', path: '/api/v1/resources', agent: kept })
      }),
    )
    kept.destroy()
    t.strictSame(new Set(statuses), new Set([201]))
  },
)

/** How many of the latest resources bear one of these names. */
async function countOf(names: ReadonlySet<string>): Promise<number> {
  let count = 0
  let cursor = ''
  do {
    const path = `/api/v1/resources?type=reload&limit=100&sort=-createdAt${cursor && `&cursor=${cursor}`}`
    const answer = await fetch(new URL(path, stack.gateway), { headers })
    const page = (await answer.json()) as {
      data: { name: string }[]
      pagination: { nextCursor: string | null }
    }
    count += page.data.filter(({ name }) => names.has(name)).length
    cursor = page.pagination.nextCursor ?? ''
  } while (cursor !== '')
  return count
}
