/**
 * Counts tests in the report that tap writes. A test is a sentence of behaviour: a subtest without subtests of its own,
 * or a file that has none. A group or file that fails by itself (a late throw, a timeout, a missing plan) counts too.
 */

import { Parser, type Result } from 'tap-parser'

export interface Tally {
  readonly passed: number
  readonly failed: number
  /** Skipped and to-do tests, with their reasons. */
  readonly skipped: readonly string[]
  /** Files that failed beside others and passed when run alone. */
  readonly unsteady: readonly string[]
}

export interface FileReport extends Tally {
  readonly file: string
  readonly ms: number
  readonly failures: readonly Failure[]
}

export interface Failure {
  readonly test: string
  readonly detail: string
}

/** A stream for tap's output; tells of each file when it has ended. */
export function reportParser(onFile: (report: FileReport) => void): Parser {
  const root = new Parser()
  const files = new Node('')
  follow(root, files, (file, result) => onFile(file.report(result)))
  return root
}

export const add = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
  skipped: tallies.flatMap(({ skipped }) => skipped),
  unsteady: tallies.flatMap(({ unsteady }) => unsteady),
})

/** Walks one level of the report; `onClosed` hears of each subtest together with the line that closes it. */
function follow(parser: Parser, node: Node, onClosed: (child: Node, result: Result) => void): void {
  let open: Node | undefined
  parser.on('child', (childParser: Parser) => {
    open = new Node(childParser.fullname)
    const child = open
    follow(childParser, child, (grandchild, result) => child.close(grandchild, result))
  })
  parser.on('assert', (result: Result) => {
    if (result.closingTestPoint && open) {
      onClosed(open, result)
      open = undefined
    } else node.assert(result)
  })
}

class Node {
  readonly #name: string
  readonly #children: Tally[] = []
  readonly #failures: Failure[] = []
  readonly #skipped: string[] = []
  #failedAssertions = 0

  constructor(name: string) {
    this.#name = name
  }

  /** A line of its own: an assertion, or a subtest that was skipped before it began. */
  assert(result: Result): void {
    if (result.skip || result.todo) this.#skipped.push(reasonOf(result))
    else if (!result.ok) {
      this.#failedAssertions++
      this.#failures.push({ test: result.fullname, detail: detailOf(result) })
    }
  }

  close(child: Node, result: Result): void {
    const { failures, ...tally } = child.report(result)
    this.#children.push(tally)
    this.#failures.push(...failures)
  }

  report(closing: Result): FileReport {
    const below = add(this.#children)
    const isTest = this.#children.length === 0 && this.#skipped.length === 0
    const isExcused = Boolean(closing.skip || closing.todo)
    const failedItself = !closing.ok && !isExcused && (this.#failedAssertions > 0 || below.failed === 0)
    const unexplained = failedItself && this.#failures.length === 0
    return {
      file: closing.name,
      ms: closing.time ?? 0,
      passed: below.passed + (isTest && closing.ok && !isExcused ? 1 : 0),
      failed: below.failed + (failedItself ? 1 : 0),
      skipped: [...below.skipped, ...this.#skipped, ...(isExcused ? [reasonOf(closing)] : [])],
      unsteady: [],
      failures: unexplained
        ? [{ test: this.#name || closing.name, detail: detailOf(closing) }]
        : this.#failures,
    }
  }
}

function reasonOf({ fullname, skip, todo }: Result): string {
  const reason = skip || todo
  return `${fullname}: ${typeof reason === 'string' && reason !== '' ? reason : skip ? 'skipped' : 'to do'}`
}

// Where it happened and its source lines are said shorter, or are of no use without the editor that shows them.
const noise =
  /^(at|diff|stack|source|test|tapCaught|compare|cwd|command|args|stdio|externalID|signal|exitCode)$/

function detailOf({ diag, tapError }: Result): string {
  const { diff, at, stack, signal, exitCode, ...rest }: Record<string, unknown> = diag ?? {}
  const place = at as { fileName?: string; lineNumber?: number } | undefined
  return [
    place?.fileName && `${place.fileName}:${place.lineNumber}`,
    diff ?? stack,
    ...Object.entries(rest)
      .filter(([name]) => !noise.test(name))
      .map(([name, value]) => `${name}: ${wordsFor(value)}`),
    signal && `ended by ${signal}${signal === 'SIGALRM' ? ': it did not end by itself in time' : ''}`,
    typeof exitCode === 'number' && exitCode !== 0 && `exit code ${exitCode}`,
    tapError,
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n')
}

// A cause comes with a stack and source lines of its own; its message says enough.
function wordsFor(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  const isError = typeof value === 'object' && value !== null && 'message' in value
  return isError ? String(value.message) : JSON.stringify(value)
}
