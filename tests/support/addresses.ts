/** Where this test file finds Postgres and Redis: what the runner started, or servers of its own under plain `tap`. */

import t from 'tap'
import { type Addresses, startInfrastructure } from './infrastructure.ts'

let known: Promise<Addresses> | undefined

export function addresses(): Promise<Addresses> {
  known ??= fromEnvironment() ?? startForThisProcess()
  return known
}

function fromEnvironment(): Promise<Addresses> | undefined {
  const { TEST_TEMPLATE_URL: templateUrl, TEST_REDIS_URL: redisUrl } = process.env
  return templateUrl && redisUrl ? Promise.resolve({ templateUrl, redisUrl }) : undefined
}

async function startForThisProcess(): Promise<Addresses> {
  const infrastructure = await startInfrastructure()
  // The root test ends last, after every database and prefix has been given back.
  t.teardown(() => infrastructure.stop())
  return infrastructure
}
