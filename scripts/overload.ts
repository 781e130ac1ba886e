/**
 * Goodput against offered load, 0.5 to 5 times what one replica carries:   make overload
 * One real replica on servers of its own, reads that the cache does not know, nine of ten anonymous and one of tier pro.
 * Prints a table and writes docs/overload.svg. A minute or so.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { eventually } from '#tests/support/eventually.ts'
import { startInfrastructure } from '#tests/support/infrastructure.ts'

const port = Number(process.env.PORT_BASE ?? 30_000) + 1
const factors = [0.5, 1, 2, 3, 5]
const seconds = 4
const base = `http://127.0.0.1:${port}`
const root = join(import.meta.dirname, '..')
const endings: (() => unknown)[] = []
const scope = { teardown: (ending: () => unknown) => endings.push(ending) }

interface Offered {
  readonly rate: number | undefined
  readonly connections: number
  readonly key?: string
}

let page = 0

async function offer({ rate, connections, key }: Offered) {
  const result = await autocannon({
    url: base,
    connections,
    duration: seconds,
    timeout: 10,
    ...(rate === undefined ? {} : { overallRate: Math.max(1, Math.round(rate)) }),
    ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          path: `/api/v1/resources?limit=100&sort=name&type=type-${page++}`,
        }),
      },
    ],
  })
  const sent = result['2xx'] + result.non2xx + result.errors
  return {
    good: result['2xx'] / seconds,
    sent: sent / seconds,
    share: sent === 0 ? 0 : result['2xx'] / sent,
    p99Ms: result.latency.p99,
  }
}

const infrastructure = await startInfrastructure()
const secrets = mkdtempSync(join(tmpdir(), 'sluice-overload-'))
ensureSecrets(secrets)
const database = openPostgres({
  url: infrastructure.templateUrl,
  maxConnections: 1,
  statementTimeoutMs: 5_000,
  name: 'overload',
})
await database.transaction(seedDemoAccounts)
const key = 'dummy-token'
await database.close()
const many = '100000000'
const replica = spawn(process.execPath, ['app/main.ts'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    PATH: process.env.PATH ?? '',
    DEMO: 'true',
    LOG_LEVEL: 'error',
    PORT: String(port),
    REPLICAS: '1',
    DATABASE_URL: infrastructure.templateUrl,
    REDIS_URL: infrastructure.redisUrl,
    SECRETS_DIR: secrets,
    RATE_LIMIT_ANONYMOUS: many,
    RATE_LIMIT_PRO: many,
  },
})
const gone = once(replica, 'exit')
try {
  await eventually(scope, async () => (await fetch(`${base}/health/ready`)).ok, { withinMs: 30_000 })
  await offer({ rate: undefined, connections: 64 })
  const { good: capacity } = await offer({ rate: undefined, connections: 64 })
  const rows: { factor: number; offered: number; good: number; share: number; p99Ms: number }[] = []
  for (const factor of factors) {
    const offered = capacity * factor
    const [anonymous, paying] = await Promise.all([
      offer({ rate: offered * 0.9, connections: 1_350 }),
      offer({ rate: offered * 0.1, connections: 150, key }),
    ])
    const sent = anonymous.sent + paying.sent
    const good = anonymous.good + paying.good
    rows.push({ factor, offered: sent, good, share: paying.share, p99Ms: anonymous.p99Ms })
    const figures = [sent, good, paying.share * 100, anonymous.p99Ms].map((figure) => figure.toFixed(0))
    console.log(`| ${factor} x | ${figures.join(' | ')} |`)
  }
  writeFileSync(join(root, 'docs', 'overload.svg'), chart(rows, capacity))
} finally {
  replica.kill('SIGKILL')
  await gone
  for (const ending of endings) ending()
  await infrastructure.stop()
  rmSync(secrets, { recursive: true })
}

function chart(rows: readonly { factor: number; good: number }[], capacity: number): string {
  const x = (factor: number): number => 50 + factor * 80
  const y = (good: number): number => 220 - (good / capacity) * 150
  const line = rows.map(({ factor, good }) => `${x(factor)},${y(good).toFixed(1)}`).join(' ')
  const marks = rows.map(({ factor }) => `<text x="${x(factor)}" y="240">${factor}x</text>`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 260" font-family="sans-serif" font-size="12" text-anchor="middle">
<title>Goodput against offered load</title><path d="M50 20V220H480" fill="none" stroke="#888"/>${marks}
<path d="M50 ${y(capacity)}H480" stroke="#bbb" stroke-dasharray="4"/><text x="90" y="${y(capacity) - 6}">capacity</text>
<polyline points="${line}" fill="none" stroke="#06c" stroke-width="2"/></svg>\n`
}
