import t from 'tap'
import { maxUnsteady, type RunFiles, verdictOn, withSecondRun } from '#scripts/test/second-run.ts'
import type { TapTally } from '#scripts/test/tap.ts'

const tally = (passed: number, failedFiles: TapTally['failedFiles']): TapTally => ({
  passed,
  failed: failedFiles.length,
  skipped: ['a reason'],
  unsteady: [],
  failedFiles,
})

/** Answers each run with the next tally, and notes what was asked. */
function runs(...tallies: readonly TapTally[]): { run: RunFiles; asked: string[][] } {
  const asked: string[][] = []
  const run: RunFiles = async (files) => {
    asked.push([...files])
    return tallies[asked.length - 1] ?? tally(0, [])
  }
  return { run, asked }
}

t.test('nothing runs twice when nothing failed', async (t) => {
  const { run, asked } = runs(tally(9, []))
  t.match(await withSecondRun(run)(['a', 'b'], false), { passed: 9, failed: 0, unsteady: [] })
  t.strictSame(asked, [['a', 'b']])
})

t.test('a file that passes alone is unsteady, one that fails again has failed', async (t) => {
  const first = tally(9, [
    { file: 'a', passed: 2 },
    { file: 'b', passed: 1 },
  ])
  const { run, asked } = runs(first, tally(5, [{ file: 'b', passed: 1 }]))
  t.match(await withSecondRun(run)(['a', 'b', 'c'], false), {
    passed: 9 - 3 + 5,
    failed: 1,
    skipped: ['a reason'],
    unsteady: ['a'],
  })
  t.strictSame(asked[1], ['a', 'b'])
})

t.test('many failures are no accident: no second run', async (t) => {
  const files = Array.from({ length: maxUnsteady + 1 }, (_, index) => `${index}.test.ts`)
  const { run, asked } = runs(
    tally(
      0,
      files.map((file) => ({ file, passed: 0 })),
    ),
  )
  t.match(await withSecondRun(run)(files, false), { failed: maxUnsteady + 1, unsteady: [] })
  t.equal(asked.length, 1)
})

t.test('what passed at the second try only is named, and more than a few such files fail', async (t) => {
  const files = Array.from({ length: maxUnsteady + 1 }, (_, index) => `${index}.test.ts`)
  t.strictSame(verdictOn([]), { isTooMuch: false, lines: [] })
  const few = verdictOn(files.slice(0, maxUnsteady))
  t.notOk(few.isTooMuch)
  t.equal(few.lines.length, maxUnsteady + 1)
  t.match(few.lines.at(-1), /second try only/)
  const many = verdictOn(files)
  t.ok(many.isTooMuch)
  t.match(many.lines.at(-1), /failed/)
})
