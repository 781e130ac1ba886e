/** Postgres and Redis of the stack, for work that needs no more: those that run, or brought up meanwhile. */

import { ensureSecrets } from '#scripts/secrets.ts'
import { order } from './control.ts'
import { composeFor, untilUp } from './docker.ts'
import { runsOnDocker } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { makeFolders } from './layout.ts'
import { type PostgresPrograms, programsAt, programsIn } from './postgres-programs.ts'
import { postgresAddress } from './postgres-server.ts'
import { infrastructure, postgresOptions, type Stack } from './process-table.ts'
import { stackRun } from './stack-run.ts'

export async function withInfrastructure<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
  const { layout } = stack
  if ((await order(layout.run, { do: 'report' })) !== undefined) return work()
  makeFolders(layout)
  ensureSecrets(layout.secrets)
  const run = stackRun([infrastructure(stack)], layout)
  await run.start()
  try {
    const { phase, detail } = run.report()
    if (phase !== 'running') throw new EngineError(detail)
    return await work()
  } finally {
    await run.stop()
  }
}

/** Work on the database with PostgreSQL's own programs, in either engine. */
export function withDatabase<T>(stack: Stack, work: (programs: PostgresPrograms) => Promise<T>): Promise<T> {
  if (runsOnDocker(stack.layout)) {
    const compose = composeFor({ ...stack, unknown: [] })
    compose.show('up', '--detach', '--no-build', '--no-recreate', 'postgres')
    return untilUp(compose, 'postgres').then(() => work(programsIn(compose)))
  }
  return withInfrastructure(stack, () => work(programsAt(postgresAddress(postgresOptions(stack)))))
}
