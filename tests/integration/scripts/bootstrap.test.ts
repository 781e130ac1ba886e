/** From an empty installation to its first admin, and from the demo to real use: real processes, one after the other. */

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError } from '#app/load-config.ts'
import { openPasswords } from '#platform/passwords.ts'
import { openPostgres } from '#platform/postgres.ts'
import { rotateKeys } from '#scripts/rotate-keys.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { testDatabase } from '#tests/support/database.ts'
import { testRedis } from '#tests/support/redis.ts'

const root = join(import.meta.dirname, '..', '..', '..')

function secretsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bootstrap-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  ensureSecrets(folder)
  return folder
}

async function installation() {
  const [databaseUrl, redis] = await Promise.all([testDatabase(t), testRedis(t)])
  const settings = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    SECRETS_DIR: secretsFolder(),
    ARGON2_MEMORY_KIB: '64',
    METRICS_TOKEN: 'a token',
    LOG_LEVEL: 'error',
  }
  /** Runs a script to its end. */
  const run = async (args: readonly string[], more: Record<string, string> = {}) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, DEMO: '', ...settings, ...more },
    })
    t.teardown(() => child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    const [status] = await new Promise<[number | null]>((resolve) =>
      child.once('close', (code) => resolve([code])),
    )
    return { status, output }
  }
  return { run, databaseUrl }
}

t.test('leaving demo mode takes a purge, and the first admin is made once', async (t) => {
  const { run, databaseUrl } = await installation()
  t.match(await run(['scripts/seed.ts'], { DEMO: 'true' }), { status: 0 })
  const admin = ['scripts/first-admin.ts', 'boss@example.org', 'Boss']
  const [left, inProduction, crowded, early, without] = await Promise.all([
    run(['app/main.ts']),
    run(['app/main.ts'], { DEMO: 'true', NODE_ENV: 'production' }),
    run(['app/main.ts'], { CACHE_L1_MAX_BYTES: '300000000', NODE_OPTIONS: '--max-old-space-size=256' }),
    run(admin),
    run(['scripts/first-admin.ts']),
  ])
  t.match(left, { status: ConfigError.exitCode, output: /demo accounts or keys are in the database/ })
  t.match(inProduction, {
    status: ConfigError.exitCode,
    output: /DEMO=true is refused with NODE_ENV=production/,
  })
  t.match(crowded, { status: ConfigError.exitCode, output: /CACHE_L1_MAX_BYTES=300000000: more than half/ })
  t.match(early, { status: 1, output: /an admin already/ })
  t.match(without, { status: 2, output: /usage/ })
  t.match(await run(['scripts/demo-purge.ts']), { status: 0 })
  const made = await run(admin)
  t.match(made, { status: 0, output: /boss@example\.org is the first admin/ })
  t.match(await run(admin), { status: 1, output: /an admin already/ })

  const database = openPostgres({
    url: databaseUrl,
    maxConnections: 1,
    statementTimeoutMs: 5_000,
    name: 'test',
  })
  t.teardown(() => database.close())
  const [row] = await database.text<{ passwordHash: string }>(
    `select password_hash from users where role = 'admin'`,
  )
  const passwords = await openPasswords({ memoryKib: 64, iterations: 1 })
  t.ok(await passwords.verify(row?.passwordHash, made.output.trim().split('\n').at(-1) ?? ''))
})

t.test('a rotated key sorts last, and an old one stays until its tokens are over', async (t) => {
  const directory = join(secretsFolder(), 'jwt')
  const [first] = readdirSync(directory)
  const now = Date.now()
  const rotations = [
    rotateKeys(directory, 900, now),
    rotateKeys(directory, 900, now),
    rotateKeys(directory, 900, now),
  ]
  t.strictSame(
    rotations.flatMap(({ removed }) => removed),
    [],
  )
  t.strictSame(readdirSync(directory).sort(), [first, ...rotations.map(({ made }) => made)])
  const { made, removed } = rotateKeys(directory, 900, now + 1_000_000)
  t.strictSame(
    removed,
    [first, rotations[0]?.made, rotations[1]?.made],
    'all but the one that signed until now',
  )
  t.strictSame(readdirSync(directory).sort(), [rotations[2]?.made, made])
})
