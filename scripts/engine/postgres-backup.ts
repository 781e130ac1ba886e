/** The whole database into one file and back, by PostgreSQL's own pg_dump and pg_restore. */

import { renameSync, rmSync } from 'node:fs'
import { applicationRole } from '#platform/postgres-login.ts'
import type { PostgresPrograms } from './postgres-programs.ts'

/** One consistent picture, taken while the database is in use. The file appears only when it is whole. */
export async function backUp({ database, run }: PostgresPrograms, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`
  try {
    await run('pg_dump', database, ['--format=custom'], { output: unfinished })
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
export async function restore({ database, run }: PostgresPrograms, file: string): Promise<string> {
  const former = `${database}_before_${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`
  const restored = `${database}_restoring`
  const sql = (statement: string) =>
    run('psql', 'postgres', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--command=${statement}`])

  // A dump names the role in its grants, and does not hold it: roles belong to the cluster.
  await sql(
    `do $$ begin create role ${applicationRole} nologin; exception when duplicate_object then null; end $$`,
  )
  await sql(`drop database if exists "${restored}"`)
  await sql(`create database "${restored}"`)
  try {
    await run('pg_restore', restored, ['--exit-on-error', '--single-transaction'], { input: file })
  } catch (error) {
    await sql(`drop database "${restored}"`)
    throw error
  }
  // Nobody may be connected while a name changes, and replicas come back within a moment.
  await sql(`alter database "${database}" allow_connections false`)
  await sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)
  await sql(`alter database "${database}" rename to "${former}"`)
  await sql(`alter database "${restored}" rename to "${database}"`)
  return former
}
