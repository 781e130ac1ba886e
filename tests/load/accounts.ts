/**
 * `make bench-accounts`: what accounts cost, measured on three real replicas of one machine.
 *   node tests/load/accounts.ts [base port]
 * CPU of a known credential against none, sign-ins a second, the times of refused sign-ins side by side, and how long after
 * a logout is answered another replica still lets the token in. What a flood of sign-ins does to others is the row
 * `sign_in_flood` of `make bench`.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { asApplication } from '#tests/support/database.ts'
import { startInfrastructure } from '#tests/support/infrastructure.ts'

const basePort = Number(process.argv[2] ?? 25_000)
const ports = [1, 2, 3].map((index) => basePort + index)
const address = (index: number, path: string): string => `http://127.0.0.1:${ports[index]}${path}`
const credentials = { email: 'user@example.com', password: 'user123' }

const disabled = 'disabled@example.com'

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN
const ms = (value: number): string => `${value.toFixed(1)} ms`

/** CPU milliseconds a process has used, its threads included. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const post = (index: number, path: string, body: object, token = ''): Promise<Response> =>
  fetch(address(index, path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
const signIn = async (index = 0): Promise<string> =>
  ((await (await post(index, '/api/v1/auth/login', credentials)).json()) as { token: string }).token

await using infrastructure = await startInfrastructure()
const { templateUrl: databaseUrl, redisUrl } = infrastructure
const secrets = mkdtempSync(join(tmpdir(), 'sluice-load-'))
ensureSecrets(secrets)
const database = openPostgres({
  url: databaseUrl,
  maxConnections: 1,
  statementTimeoutMs: 5_000,
  name: 'load',
})
await database.transaction(seedDemoAccounts)
await database.text(
  `insert into users (email, name, password_hash, role, tier, is_active)
   select $1, 'Disabled', password_hash, role, tier, false from users where email = $2`,
  [disabled, credentials.email],
)
await database.text(`insert into resources (name, type, owner_id) values ('R', 'document', 1)`)
await database.close()

const many = '100000000'
const replicas = ports.map((port, index) =>
  spawn(process.execPath, ['app/main.ts'], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DEMO: 'true',
      LOG_LEVEL: 'error',
      INSTANCE_ID: `api-${index + 1}`,
      PORT: String(port),
      DATABASE_URL: asApplication(databaseUrl),
      REDIS_URL: redisUrl,
      SECRETS_DIR: secrets,
      RATE_LIMIT_ANONYMOUS: many,
      RATE_LIMIT_FREE: many,
      EDGE_SIGN_IN_PER_MINUTE: many,
      LOGIN_FAILURES_PER_ACCOUNT: '10000000',
    },
  }),
)
const [first] = replicas as [ChildProcess]
try {
  for (const index of [0, 1, 2]) await up(index)
  await authenticatedAgainstAnonymous()
  await signInsPerSecond()
  await timesOfRefusals()
  await revocationLatency()
} finally {
  for (const replica of replicas) replica.kill()
  rmSync(secrets, { recursive: true })
}

async function up(index: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(address(index, '/health')).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`replica ${index + 1} did not come up`)
}

async function authenticatedAgainstAnonymous(): Promise<void> {
  const token = await signIn()
  const run = async (headers: Record<string, string>): Promise<number> => {
    const before = cpuMs(first)
    const { requests } = await autocannon({
      url: address(0, '/api/v1/resources/1'),
      connections: 16,
      amount: 30_000,
      headers,
    })
    return ((cpuMs(first) - before) * 1_000) / requests.total
  }
  const rounds: { anonymous: number; authenticated: number }[] = []
  await run({})
  for (let round = 0; round < 5; round++) {
    rounds.push({ anonymous: await run({}), authenticated: await run({ authorization: `Bearer ${token}` }) })
  }
  const median = (pick: (round: (typeof rounds)[number]) => number) => quantile(rounds.map(pick), 0.5)
  const [a, b] = [median(({ anonymous }) => anonymous), median(({ authenticated }) => authenticated)]
  const ratio = median(({ anonymous, authenticated }) => authenticated / anonymous)
  console.log(
    `cached GET, CPU of the replica: anonymous ${a.toFixed(1)} µs, access token ${b.toFixed(1)} µs, ratio ${ratio.toFixed(2)}`,
  )
}

async function signInsPerSecond(): Promise<void> {
  const [count, startedAt, before] = [120, performance.now(), cpuMs(first)]
  let left = count
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) await (await post(0, '/api/v1/auth/login', credentials)).arrayBuffer()
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  const cpuSeconds = (cpuMs(first) - before) / 1_000
  console.log(
    `sign-ins: ${(count / seconds).toFixed(0)} a second by one replica, ${(count / cpuSeconds).toFixed(0)} per CPU second`,
  )
}

async function timesOfRefusals(): Promise<void> {
  const kinds = {
    unknown: { email: 'nobody@example.com', password: 'wrong password' },
    wrong: { ...credentials, password: 'wrong password' },
    // With the right password: what refuses it is the account alone.
    disabled: { ...credentials, email: disabled },
  }
  const times: Record<string, number[]> = { unknown: [], wrong: [], disabled: [] }
  for (let round = 0; round < 500; round++) {
    for (const [kind, given] of Object.entries(kinds)) {
      const startedAt = performance.now()
      const answer = await post(0, '/api/v1/auth/login', given)
      await answer.arrayBuffer()
      if (answer.status !== 401) throw new Error(`${kind}: ${answer.status}`)
      times[kind]?.push(performance.now() - startedAt)
    }
  }
  for (const [kind, values] of Object.entries(times)) {
    const [p10, p50, p90] = [0.1, 0.5, 0.9].map((q) => ms(quantile(values, q)))
    console.log(`refused sign-in, ${kind}: p10 ${p10}, p50 ${p50}, p90 ${p90}`)
  }
}

async function revocationLatency(): Promise<void> {
  const latencies: number[] = []
  for (let round = 0; round < 50; round++) {
    const token = await signIn()
    const headers = { authorization: `Bearer ${token}` }
    const isIn = async (index: number) =>
      (await fetch(address(index, '/api/v1/me'), { headers })).status === 200
    await Promise.all([0, 1, 2].map(isIn))
    const done = await post(0, '/api/v1/auth/logout', {}, token)
    const answeredAt = performance.now()
    if (done.status !== 204) throw new Error(`logout: ${done.status}`)
    await Promise.all(
      [1, 2].map(async (index) => {
        let lastIn = answeredAt
        while (await isIn(index)) lastIn = performance.now()
        latencies.push(lastIn - answeredAt)
      }),
    )
  }
  const [p50, max] = [quantile(latencies, 0.5), Math.max(...latencies)].map(ms)
  console.log(
    `a token still let in after its logout was answered, two other replicas: p50 ${p50}, max ${max}`,
  )
}
