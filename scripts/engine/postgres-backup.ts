/** The whole database into one file and back, by PostgreSQL's own pg_dump and pg_restore. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, rmSync } from 'node:fs'
import { applicationRole } from '#platform/postgres.ts'
import { findPostgresBinary } from './binaries.ts'
import { EngineError } from './engine-error.ts'

/** A database by its address; whoever reads the list of processes must not read the password. */
export interface DatabaseAddress {
  readonly url: string
}

/** One consistent picture, taken while the database is in use. The file appears only when it is whole. */
export async function backUp({ url }: DatabaseAddress, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`
  try {
    await run('pg_dump', url, ['--format=custom', `--file=${unfinished}`])
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

/**
 * Puts a backup in the place of the database, in whatever cluster it stands. It is read into a new database first, and
 * a file that cannot be read changes nothing. The former database stays beside it.
 * @returns the name of the former database
 */
export async function restore({ url }: DatabaseAddress, file: string): Promise<string> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  const former = `${name}_before_${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`
  const restored = `${name}_restoring`
  const maintenance = withDatabase(url, 'postgres')
  const sql = (statement: string) =>
    run('psql', maintenance, ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${statement}`])

  // A dump names the role in its grants, and does not hold it: roles belong to the cluster.
  await sql(
    `do $$ begin create role ${applicationRole} nologin; exception when duplicate_object then null; end $$`,
  )
  await sql(`drop database if exists "${restored}"`)
  await sql(`create database "${restored}"`)
  try {
    await run('pg_restore', withDatabase(url, restored), ['--exit-on-error', '--single-transaction', file])
  } catch (error) {
    await sql(`drop database "${restored}"`)
    throw error
  }
  // Nobody may be connected while a name changes, and replicas come back within a moment.
  await sql(`alter database "${name}" allow_connections false`)
  await sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  await sql(`alter database "${name}" rename to "${former}"`)
  await sql(`alter database "${restored}" rename to "${name}"`)
  return former
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address)
  url.pathname = `/${name}`
  return url.href
}

async function run(
  program: 'pg_dump' | 'pg_restore' | 'psql',
  address: string,
  args: readonly string[],
): Promise<void> {
  const url = new URL(address)
  const password = decodeURIComponent(url.password)
  url.password = ''
  const child = spawn(findPostgresBinary(program), [`--dbname=${url.href}`, ...args], {
    env: { PATH: process.env.PATH, LC_ALL: 'C', PGPASSWORD: password },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes) => {
    said += bytes
  })
  const [status] = await once(child, 'close')
  if (status !== 0) throw new EngineError(`${program} failed: ${said.trim()}`)
}
