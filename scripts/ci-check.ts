/** `make ci-check`: everything that must hold before a change is taken, the same on a laptop and in CI. */

import { spawnSync } from 'node:child_process'
import { command } from './engine/command.ts'
import { messageOf } from './engine/engine-error.ts'
import { root } from './engine/layout.ts'
import type { Tally } from './test/report.ts'
import { runTests } from './test/run.ts'
import { verdictOn } from './test/second-run.ts'

interface Step {
  readonly name: string
  /** What it found; a step that is no test run counts as one failure or none. */
  run(): Tally | Promise<Tally>
  /** Nothing after it makes sense when it fails. */
  readonly isRequired?: boolean
}

const runs = (program: string, ...args: readonly string[]): Tally => {
  const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}` }
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env })
  if (error) process.stderr.write(`${program}: ${error.message}\n`)
  return { passed: 0, failed: status === 0 ? 0 : 1, skipped: [], unsteady: [] }
}

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort())

const steps: readonly Step[] = [
  {
    name: 'install',
    run: () => runs('scripts/bootstrap.sh', 'servers', 'checkers', 'browser'),
    isRequired: true,
  },
  { name: 'format', run: () => runs('biome', 'check', '--linter-enabled=false', '.') },
  { name: 'lint', run: () => runs('node', 'scripts/lint.ts') },
  { name: 'types', run: () => runs('tsc', '--noEmit', '--project', '.') },
  { name: 'types of the dashboard', run: () => runs('tsc', '--noEmit', '--project', 'app/dashboard') },
  { name: 'dashboard', run: () => runs('node', 'scripts/dashboard.ts') },
  {
    name: 'tests',
    run: () =>
      runTests({
        names: [],
        hasCoverage: true,
        usesRunningStack: false,
        hasSecondRun: true,
        signal: interrupted.signal,
      }),
  },
  { name: 'promises', run: () => runs('node', 'scripts/prove.ts', '--short') },
  { name: 'security', run: () => runs('node', 'scripts/security.ts') },
]

interface Result extends Tally {
  readonly name: string
  readonly seconds: number
}

async function runSteps(): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const { name, run, isRequired } of steps) {
    process.stdout.write(`\n── ${name}\n`)
    const startedAt = performance.now()
    const tally = await settle(run)
    results.push({ name, ...tally, seconds: (performance.now() - startedAt) / 1_000 })
    if (interrupted.signal.aborted || (isRequired && tally.failed > 0)) break
  }
  return results
}

/** A step that throws has failed, and those after it still run. */
async function settle(run: Step['run']): Promise<Tally> {
  try {
    return await run()
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    return { passed: 0, failed: 1, skipped: [], unsteady: [] }
  }
}

function print(results: readonly Result[]): void {
  process.stdout.write('\n')
  for (const { name, passed, failed, skipped, seconds } of results) {
    const counts = passed > 0 ? `${passed} passed, ${failed} failed, ${skipped.length} skipped` : ''
    const line = `${failed === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${counts}`
    process.stdout.write(`${line.trimEnd()}\n`)
  }
  for (const { name } of steps.slice(results.length)) process.stdout.write(`none ${name}\n`)
  for (const reason of results.flatMap(({ skipped }) => skipped)) process.stdout.write(`skipped ${reason}\n`)
}

await command(async () => {
  const results = await runSteps()
  print(results)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const { isTooMuch, lines } = verdictOn(results.flatMap(({ unsteady }) => unsteady))
  for (const line of lines) process.stdout.write(`${line}\n`)
  const failed = results.reduce((sum, result) => sum + result.failed, 0) + (isTooMuch ? 1 : 0)
  const isWhole = results.length === steps.length && passed > 0
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = isWhole && failed === 0 ? 0 : 1
})
