/** A database for one test file, cloned from the migrated template in the time of copying a few files. */

import { openPostgres } from '#platform/postgres.ts'
import { applicationRole } from '#platform/postgres-login.ts'
import { addresses } from './addresses.ts'
import type { Scope } from './scope.ts'

let count = 0

const as = (user: string, url: string): string => Object.assign(new URL(url), { username: user }).href

/** The same database as a replica signs in to it. */
export const asApplication = (url: string): string => as(applicationRole, url)

export const asOwner = (url: string): string => as('sluice', url)

/** Resolves with the address of a fresh, migrated, empty database that is dropped when `t` ends: its owner's. */
export async function testDatabase(t: Scope): Promise<string> {
  const { templateUrl } = await addresses()
  const name = `test_${process.pid}_${++count}`
  await administer(templateUrl, `create database ${name} template template_sluice`)
  // Forced: a test that failed half-way may have left connections open.
  t.teardown(() => administer(templateUrl, `drop database ${name} with (force)`))
  return databaseUrl(templateUrl, name)
}

// Cloning fails while anyone is connected to the template, so orders are given from the `postgres` database.
async function administer(templateUrl: string, statement: string): Promise<void> {
  const server = openPostgres({
    url: databaseUrl(templateUrl, 'postgres'),
    maxConnections: 1,
    statementTimeoutMs: 30_000,
    name: 'sluice-tests',
  })
  try {
    await server.text(statement)
  } finally {
    await server.close()
  }
}

function databaseUrl(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
