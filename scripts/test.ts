/** Runs the tests: `node scripts/test.ts --help`. */

import { parseArgs } from 'node:util'
import { messageOf } from './engine/engine-error.ts'
import { groups } from './test/groups.ts'
import { runTests } from './test/run.ts'

const help = `node scripts/test.ts [options] [group | file]...

Runs the tests on a Postgres and a Redis of their own, started for this run and stopped after it.
System tests run last, one file after the other, on a whole stack of their own.

groups       ${groups.map((group) => group.name).join(', ')}; without any, all of them
--coverage   measures coverage; with all groups the kernel must reach 100 %
--running    system tests on the stack that is already running (PORT_BASE), instead of one of their own
--help       this text
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    coverage: { type: 'boolean' },
    running: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  // The first interrupt lets everything that was started be stopped; the second ends at once.
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort())
  const startedAt = performance.now()
  const { passed, failed, skipped } = await runTests({
    names: values.running && positionals.length === 0 ? ['system'] : positionals,
    hasCoverage: values.coverage ?? false,
    usesRunningStack: values.running ?? false,
    hasSecondRun: false,
    signal: interrupted.signal,
  })
  for (const reason of skipped) process.stdout.write(`skipped  ${reason}\n`)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped in ${seconds} s\n`)
  return failed === 0 && passed > 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
