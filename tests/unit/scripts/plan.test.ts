import { globSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '#scripts/engine/layout.ts'
import { plan } from '#scripts/test/groups.ts'
import type { FileReport } from '#scripts/test/report.ts'
import { withMissing } from '#scripts/test/tap.ts'

const files: Record<string, string[]> = {
  'tests/*.test.ts': ['tests/architecture.test.ts'],
  'tests/unit/**/*.test.ts': ['tests/unit/a.test.ts', 'tests/unit/kernel/b.test.ts'],
  'tests/unit/kernel/**/*.test.ts': ['tests/unit/kernel/b.test.ts'],
  'tests/integration/**/*.test.ts': ['tests/integration/c.test.ts'],
  'tests/system/**/*.test.ts': ['tests/system/d.test.ts'],
  'tests/unit/a.test.ts': ['tests/unit/a.test.ts'],
  'tests/unit': ['tests/unit'],
}
const filesOf = (pattern: string): string[] => files[pattern] ?? []

t.test('leaves out no file of tests: a folder of no group would never run', async (t) => {
  const { parallel, system } = plan([])
  t.strictSame([...parallel, ...system].sort(), globSync('tests/**/*.test.ts', { cwd: root }).sort())
})

t.test('without names, plans everything, the system tests apart', async (t) => {
  t.strictSame(plan([], filesOf), {
    parallel: [
      'tests/architecture.test.ts',
      'tests/integration/c.test.ts',
      'tests/unit/a.test.ts',
      'tests/unit/kernel/b.test.ts',
    ],
    system: ['tests/system/d.test.ts'],
    needsInfrastructure: true,
  })
})

t.test('starts no servers for tests that use none', async (t) => {
  t.equal(plan(['unit', 'architecture'], filesOf).needsInfrastructure, false)
})

t.test('takes files and folders, however they are written, and each file once', async (t) => {
  const { parallel } = plan(
    ['./tests/unit/a.test.ts', join(process.cwd(), 'tests/unit/kernel'), 'unit'],
    filesOf,
  )
  t.strictSame(parallel, ['tests/unit/a.test.ts', 'tests/unit/kernel/b.test.ts'])
})

t.test('refuses a name that means nothing, and a group named in vain', async (t) => {
  t.throws(() => plan(['tests/unit/none.test.ts'], filesOf), {
    message: /no test file matches tests\/unit\/none/,
  })
  t.throws(() => plan(['contracts'], filesOf), { message: 'no test file matches contracts' })
})

t.test(
  'counts a file that tap never reported on, and an exit code that nothing explains, as failures',
  async (t) => {
    const passed = { passed: 3, failed: 0, skipped: [], unsteady: [] }
    const report: FileReport = { ...passed, file: 'a', ms: 1, failures: [] }
    const ending = { files: ['a', 'b'] }
    t.equal(withMissing(passed, { ...ending, reports: [report, report], code: 0 }).failed, 0)
    t.equal(withMissing(passed, { ...ending, reports: [report, report], code: 1 }).failed, 1)
    t.equal(withMissing(passed, { ...ending, reports: [report], code: 0 }).failed, 1)
    t.equal(withMissing(passed, { ...ending, reports: [], code: 1 }).failed, 2)
  },
)
