/** Replaces the replicas one by one: drain, stop, start the new code, wait until it is ready, go on. */

import { EngineError, messageOf } from './engine-error.ts'
import { type Fleet, previous } from './fleet.ts'

export interface RolloutOptions {
  /** Whether the schema of `release` is applied first. */
  readonly hasMigrations: boolean
  readonly say?: (line: string) => void
}

/**
 * The first replica that does not become ready is given its former code again, and no other is touched.
 * @throws {EngineError} saying which one, and why
 */
export async function rollout(
  fleet: Fleet,
  release: string,
  { hasMigrations, say = () => undefined }: RolloutOptions,
): Promise<void> {
  if (fleet.canary() !== undefined)
    throw new EngineError('a canary runs: make canary PROMOTE=1 or WITHDRAW=1 first')
  if (hasMigrations) await fleet.migrate(release)
  fleet.choose(previous, fleet.releaseOf(fleet.names[0] ?? ''))
  for (const name of fleet.names) {
    await renew(fleet, name, release)
    say(`${name} runs ${fleet.describe(release)}`)
  }
}

/** What ran before the latest rollout. Migrations stay: they only add what older code can live with. */
export const rollback = (fleet: Fleet, say: (line: string) => void): Promise<void> =>
  rollout(fleet, fleet.releaseOf(previous), { hasMigrations: false, say })

/** One replica, with its former code again where it does not become ready. @throws {EngineError} saying so, and why */
export async function renew(fleet: Fleet, name: string, release: string): Promise<void> {
  const former = fleet.releaseOf(name)
  fleet.choose(name, release)
  try {
    await fleet.replace(name)
  } catch (error) {
    fleet.choose(name, former)
    await fleet.replace(name)
    throw new EngineError(
      `${name} does not become ready with ${fleet.describe(release)} and has ${fleet.describe(former)} again; the others were left as they are: ${messageOf(error)}`,
    )
  }
}
