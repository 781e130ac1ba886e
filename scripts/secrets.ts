/**
 * Makes the secrets of one installation, each only if it is missing, and never shows them.
 *   node scripts/secrets.ts          into SECRETS_DIR, .local/secrets without it
 */

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns the names of what was made now */
export function ensureSecrets(directory: string): string[] {
  const keys = join(directory, 'jwt')
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const missing = new Map<string, () => string>()
  if (!readdirSync(keys).some((name) => name.endsWith('.pem'))) {
    missing.set(join('jwt', `${keyId()}.pem`), signingKey)
  }
  missing.set('server-key', randomText)
  missing.set('postgres-password', randomText)
  missing.set('postgres-app-password', randomText)
  const made: string[] = []
  for (const [name, make] of missing) {
    if (existsSync(join(directory, name))) continue
    writeFileSync(join(directory, name), make(), { mode: 0o600, flag: 'wx' })
    made.push(name)
  }
  return made
}

// Sorts by age, so that the newest key is the last one.
const keyId = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomBytes(3).toString('hex')}`

const signingKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const randomText = (): string => randomBytes(32).toString('base64url')

if (import.meta.main) {
  const directory = process.env.SECRETS_DIR || join(import.meta.dirname, '..', '.local', 'secrets')
  const made = ensureSecrets(directory)
  console.log(made.length === 0 ? 'secrets: all present' : `secrets: made ${made.join(', ')}`)
}
