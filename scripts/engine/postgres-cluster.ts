/** What a PostgreSQL server needs before it can start: its cluster, who may enter, its user and its database. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPostgresBinary } from './binaries.ts'
import { EngineError } from './engine-error.ts'
import type { PostgresHome } from './postgres-home.ts'

export interface Account {
  readonly user: string
  readonly password: string | undefined
}

// Byte order for sorting, so that an index means the same on every machine; letters as Unicode knows them.
const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'

/** Runs initdb once. A run that was cut short is repeated: the version file is the last thing initdb relies on. */
export async function createCluster(home: PostgresHome, { user }: Account): Promise<void> {
  if (existsSync(join(home.data, complete))) return
  rmSync(home.data, { recursive: true, force: true })
  mkdirSync(home.data, { recursive: true })
  adopt(home, home.data, 0o700)
  await run(home, 'initdb', [
    '--pgdata',
    home.data,
    '--username',
    user,
    '--auth=trust',
    '--encoding=UTF8',
    `--locale=${locale}`,
    '--lc-collate=C',
    '--lc-messages=C',
  ])
  write(home, complete, '')
}

// Our own mark: PG_VERSION appears early in initdb, long before the cluster can be used.
const complete = 'sluice-cluster-complete'

/** With a password everyone shows it. Without one the socket is the only way in, and its folder is the lock. */
export function writeAccess(home: PostgresHome, hasPassword: boolean): void {
  const method = hasPassword ? 'scram-sha-256' : 'trust'
  // A standby asks for `replication`, which `all` does not mean.
  const lines = ['all', 'replication'].flatMap((database) => [
    `local ${database} all ${method}`,
    ...(hasPassword
      ? ['127.0.0.1/32', '::1/128'].map((from) => `host ${database} all ${from} ${method}`)
      : []),
  ])
  write(home, 'pg_hba.conf', `${lines.join('\n')}\n`)
}

/**
 * Makes the database and sets the password, in PostgreSQL's single-user mode: no server runs yet, so nobody can
 * enter before the password stands. Skipped when nothing has changed since.
 */
export async function setUpDatabase(
  home: PostgresHome,
  { user, password, database }: Account & { readonly database: string },
): Promise<void> {
  const wanted = createHash('sha256')
    .update(JSON.stringify([user, password, database]))
    .digest('hex')
  const mark = join(home.data, 'sluice-database')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  const statements: string[] = []
  if (password !== undefined) {
    statements.push(`alter role ${quoted(user)} password '${password.replaceAll("'", "''")}'`)
  }
  const created = await run(
    home,
    'postgres',
    ['--single', '-D', home.data, 'postgres'],
    [
      ...statements,
      `select 'exists: ' || datname from pg_database where datname = '${database.replaceAll("'", "''")}'`,
    ],
  )
  if (!created.includes(`exists: ${database}`)) {
    await run(
      home,
      'postgres',
      ['--single', '-D', home.data, 'postgres'],
      [`create database ${quoted(database)} owner ${quoted(user)}`],
    )
  }
  write(home, 'sluice-database', wanted)
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`

/** Runs beside everything else: initdb takes seconds on a busy machine, and the supervisor is asked meanwhile. */
async function run(
  home: PostgresHome,
  program: 'initdb' | 'postgres',
  args: readonly string[],
  statements: readonly string[] = [],
): Promise<string> {
  const child = spawn(findPostgresBinary(program), args, {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '', LC_ALL: locale, TZ: 'UTC' },
    ...home.user,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      output += bytes
    })
  }
  child.stdin.on('error', () => undefined)
  child.stdin.end(statements.map((statement) => `${statement}\n`).join(''))
  const [status] = await once(child, 'close')
  // Single-user mode ends with 0 whatever its statements did.
  if (status !== 0 || /(ERROR|FATAL|PANIC):/.test(output)) {
    throw new EngineError(`${program} failed in ${home.data}: ${output.trim()}`)
  }
  return output
}

function write(home: PostgresHome, name: string, text: string): void {
  const path = join(home.data, name)
  writeFileSync(path, text)
  adopt(home, path, 0o600)
}

function adopt({ user }: PostgresHome, path: string, mode: number): void {
  chmodSync(path, mode)
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}
