/** Who signs in to Postgres, with which password, and how the application comes to have one. */

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type postgres from 'postgres'
import { readSecret } from './secrets.ts'

/**
 * What replicas sign in as: it reads and writes every table, and of the audit trail it can only add (migration 0009).
 * A role that is merely taken on after signing in as the owner is no wall: `set role none` leaves it.
 */
export const applicationRole = 'sluice_app'

const passwordFiles = { owner: 'postgres-password', application: 'postgres-app-password' }

// Of one server or of several: the part before the first @.
const beforeServers = /^[a-z]+:\/\/([^:@/?]*)(:[^@/?]*)?@/

/** Whether whoever signs in at `url` is the application, and not the owner. */
export const isApplicationsAddress = (url: string): boolean =>
  beforeServers.exec(url)?.[1] === applicationRole

/** The password for whom `url` names, from the secrets: none where `url` has one, or where there is no such secret. */
export function signInAt(directory: string, url: string): { password?: string } {
  if (beforeServers.exec(url)?.[2] !== undefined) return {}
  const password = readSecret(directory, passwordFiles[isApplicationsAddress(url) ? 'application' : 'owner'])
  return password === undefined ? {} : { password }
}

export const applicationPassword = (directory: string): string | undefined =>
  readSecret(directory, passwordFiles.application)

/**
 * Lets the application sign in; again with each migration, because the role belongs to the cluster: a database that was
 * restored into another one brings its migrations along, and not its roles. Without a password only where none is asked for.
 */
export async function letApplicationSignIn(owner: postgres.Sql, password: string | undefined): Promise<void> {
  const [role] = await owner<{ canLogin: boolean }[]>`
    select rolcanlogin as "canLogin" from pg_roles where rolname = ${applicationRole}`
  if (password !== undefined) {
    await owner.unsafe(`alter role ${applicationRole} login password '${scramVerifier(password)}'`)
  } else if (role?.canLogin === false) {
    await owner.unsafe(`alter role ${applicationRole} login`)
  }
}

/**
 * What Postgres keeps of a password (SCRAM-SHA-256, RFC 5803), made here: the password itself would stand in the
 * server's log wherever statements are logged.
 */
function scramVerifier(password: string): string {
  const iterations = 4_096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}
