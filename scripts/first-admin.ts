/**
 * Makes the first admin of an installation and prints a password that is good for one thing: to be changed.
 *   node scripts/first-admin.ts ann@example.org "Ann"     refuses where an admin exists already
 */

import { randomBytes } from 'node:crypto'
import { loadConfig } from '#app/load-config.ts'
import type { Session } from '#kernel/database.ts'
import { makeFirstAdmin } from '#modules/users/index.ts'
import { openPasswords } from '#platform/passwords.ts'
import { openDatabase } from './open-database.ts'

const [email, name = 'Admin'] = process.argv.slice(2)
if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email)) {
  console.error('usage: node scripts/first-admin.ts <email address> [name]')
  process.exit(2)
}

const config = loadConfig(process.env)
const database = openDatabase(config, 'first-admin')
try {
  const passwords = await openPasswords({
    memoryKib: config.ARGON2_MEMORY_KIB,
    iterations: config.ARGON2_ITERATIONS,
    parallelism: config.ARGON2_PARALLELISM,
  })
  const password = randomBytes(18).toString('base64url')
  const hash = await passwords.hash(password)
  const isMade = await database.transaction((session: Session) =>
    makeFirstAdmin(session, { email, name, passwordHash: hash }),
  )
  if (isMade)
    console.log(
      `${email} is the first admin. Sign in with this password within a day, and change it:\n${password}`,
    )
  else {
    console.error(
      'first-admin: there is an admin already; an admin makes others with PATCH /api/v1/users/:id',
    )
    process.exitCode = 1
  }
} finally {
  await database.close()
}
