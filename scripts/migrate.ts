/**
 * Brings the database to this version's schema and lets the application sign in, or takes migrations back.
 *   node scripts/migrate.ts            applies what is missing
 *   node scripts/migrate.ts down [N]   takes the newest one (or N) back
 */

import type { Config } from '#app/config.ts'
import { loadConfig } from '#app/load-config.ts'
import { migrate } from '#platform/migrations.ts'
import { applicationPassword, isApplicationsAddress, signInAt } from '#platform/postgres-login.ts'

const usage = 'usage: node scripts/migrate.ts [down [N]]'

async function run(config: Config, args: readonly string[]): Promise<void> {
  const [direction = 'up', steps = '1', ...rest] = args
  if (!['up', 'down'].includes(direction) || !/^[1-9]\d*$/.test(steps) || rest.length > 0)
    throw new Error(usage)
  if (isApplicationsAddress(config.DATABASE_URL))
    throw new Error('DATABASE_URL names the application: migrations need the owner, sluice')
  const done = await migrate(config.DATABASE_URL, {
    ...signInAt(config.SECRETS_DIR, config.DATABASE_URL),
    applicationPassword: applicationPassword(config.SECRETS_DIR),
    stepsDown: direction === 'down' ? Number(steps) : 0,
    report: ({ name, direction: way }) => console.log(`migrate: ${way} ${name}`),
  })
  if (done.length === 0) console.log('migrate: nothing to do')
}

if (process.argv.includes('--help')) console.log(usage)
else {
  await run(loadConfig(process.env), process.argv.slice(2)).catch((error: unknown) => {
    console.error(`migrate: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
