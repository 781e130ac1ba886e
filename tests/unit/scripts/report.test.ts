import t from 'tap'
import { add, type FileReport, reportParser } from '#scripts/test/report.ts'

function read(tap: string): FileReport[] {
  const files: FileReport[] = []
  reportParser((file) => files.push(file)).end(`TAP version 14\n${tap}`)
  return files
}

const counts = ({ passed, failed, skipped }: FileReport) => [passed, failed, skipped.length]

t.test('counts the innermost tests, not assertions and not groups', async (t) => {
  const [file] = read(`
# Subtest: a.test.ts
    # Subtest: group
        # Subtest: one
            ok 1 - first assertion
            ok 2 - second assertion
            1..2
        ok 1 - one # time=1ms
        # Subtest: two
            ok 1 - assertion
            1..1
        ok 2 - two # time=1ms
        1..2
    ok 1 - group # time=2ms
    1..1
ok 1 - a.test.ts # time=12ms
1..1
`)
  t.match(file, { file: 'a.test.ts', ms: 12, passed: 2, failed: 0, failures: [] })
})

t.test('counts a failed test once, however many groups it is in, and says where', async (t) => {
  const [file] = read(`
# Subtest: a.test.ts
    # Subtest: group
        # Subtest: bad
            not ok 1 - should be equal
              ---
              diff: |
                -2
                +1
              at:
                fileName: a.test.ts
                lineNumber: 3
              ...
            not ok 2 - should be equal
            1..2
        not ok 1 - bad # time=1ms
        # Subtest: good
            1..0
        ok 2 - good # time=1ms
        1..2
    not ok 1 - group # time=2ms
    1..1
not ok 1 - a.test.ts # time=5ms
1..1
`)
  t.match(file, { passed: 1, failed: 1 })
  t.match(file?.failures[0], {
    test: 'a.test.ts > group > bad > should be equal',
    detail: /a\.test\.ts:3\n-2\n\+1/,
  })
})

t.test('counts a file that fails after its tests have passed', async (t) => {
  const [file] = read(`
# Subtest: a.test.ts
    # Subtest: good
        ok 1 - assertion
        1..1
    ok 1 - good # time=1ms
    1..1
not ok 1 - a.test.ts # time=5ms
  ---
  exitCode: 1
  signal: null
  ...
1..1
`)
  t.match(file, { passed: 1, failed: 1, failures: [{ test: 'a.test.ts', detail: 'exit code 1' }] })
})

t.test('counts a throw between the tests of a file', async (t) => {
  const [file] = read(`
# Subtest: a.test.ts
    # Subtest: good
        ok 1 - assertion
        1..1
    ok 1 - good # time=1ms
    not ok 2 - boom
    1..2
not ok 1 - a.test.ts # time=5ms
1..1
`)
  t.strictSame(file && counts(file), [1, 1, 0])
})

t.test('counts a file without subtests as one test', async (t) => {
  const [file] = read(
    '# Subtest: a.test.ts\n    ok 1 - x\n    ok 2 - y\n    1..2\nok 1 - a.test.ts # time=5ms\n1..1\n',
  )
  t.strictSame(file && counts(file), [1, 0, 0])
})

t.test('lists skipped and to-do tests with their reasons and counts neither as passed', async (t) => {
  const [file] = read(`
# Subtest: a.test.ts
    ok 1 - in containers # SKIP no engine answers
    not ok 2 - later # TODO
    # Subtest: good
        ok 1 - x
        1..1
    ok 3 - good # time=1ms
    1..3
ok 1 - a.test.ts # time=5ms
1..1
`)
  t.match(file, {
    passed: 1,
    failed: 0,
    skipped: ['a.test.ts > in containers: no engine answers', 'a.test.ts > later: to do'],
  })
})

t.test('reads tests that ran beside each other', async (t) => {
  const files = read(`
ok 1 - a.test.ts # time=5ms {
    ok 1 - good # time=1ms {
        ok 1 - x
        1..1
    }
    1..1
}
not ok 2 - b.test.ts # time=5ms
  ---
  exitCode: 1
  ...
{
    not ok 1 - bad # time=1ms {
        not ok 1 - y
        1..1
    }
    1..1
}
1..2
`)
  t.strictSame(files.map(counts), [
    [1, 0, 0],
    [0, 1, 0],
  ])
})

t.test('adds up', async (t) => {
  t.strictSame(
    add([
      { passed: 2, failed: 1, skipped: ['a'], unsteady: [] },
      { passed: 3, failed: 0, skipped: ['b'], unsteady: [] },
    ]),
    { passed: 5, failed: 1, skipped: ['a', 'b'], unsteady: [] },
  )
})
