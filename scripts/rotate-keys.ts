/**
 * Adds a signing key for access tokens, which signs from then on, and removes those that no living token needs.
 * Replicas notice within seconds; nobody is signed out.   node scripts/rotate-keys.ts [seconds an old key is kept]
 */

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#app/load-config.ts'

/** @returns the names of the key that was made and of those that were removed */
export function rotateKeys(
  directory: string,
  keepSeconds: number,
  now = Date.now(),
): { made: string; removed: string[] } {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const before = readdirSync(directory)
    .filter((name) => name.endsWith('.pem'))
    .sort()
  const made = nameAfter(before.at(-1) ?? '', now)
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(directory, made), pem, { mode: 0o600, flag: 'wx' })
  // The one that signed until now has to outlive its last token; those before it stopped signing when it was made.
  const stoppedSigningAt = (index: number): number => {
    const successor = before[index + 1]
    return successor === undefined ? now : statSync(join(directory, successor)).mtimeMs
  }
  const removed = before.filter((_, index) => stoppedSigningAt(index) < now - keepSeconds * 1_000)
  for (const name of removed) rmSync(join(directory, name))
  return { made, removed }
}

/** A name that says when, and sorts behind `last` also within the same second. */
function nameAfter(last: string, now: number): string {
  const second = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')
  const name = `${second}-${randomBytes(3).toString('hex')}.pem`
  return name > last ? name : nameAfter(last, now + 1_000)
}

if (import.meta.main) {
  const config = loadConfig(process.env)
  if (config.JWT_PRIVATE_KEYS !== '') {
    console.error(
      'rotate-keys: the keys that count are in JWT_PRIVATE_KEYS; docs/accounts.md says how to change them',
    )
    process.exit(1)
  }
  const keepSeconds = Number(process.argv[2] ?? config.ACCESS_TOKEN_TTL + 60)
  const { made, removed } = rotateKeys(join(config.SECRETS_DIR, 'jwt'), keepSeconds)
  console.log(
    `rotate-keys: ${made} signs from now on${removed.length > 0 ? `; removed ${removed.join(', ')}` : ''}`,
  )
}
