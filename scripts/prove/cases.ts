/** A promise that is measured in several parts, one after the other on the same stack. */

import { untilWhole } from './clients.ts'
import type { Promised, Verdict } from './promise.ts'

export interface Case {
  readonly name: string
  /** Left out of the short form, which says so. */
  readonly isLong?: true
  readonly measure: Promised['measure']
}

/** Holds when every part does. */
export const inCases =
  (cases: readonly Case[]): Promised['measure'] =>
  async (stack, how) => {
    const taken = cases.filter(({ isLong }) => !(isLong && how.isShort))
    const verdicts: Verdict[] = []
    for (const { name, measure } of taken) {
      if (verdicts.length > 0) {
        await stack.repair()
        await untilWhole(stack)
      }
      const { holds, measured } = await measure(stack, how)
      verdicts.push({ holds, measured: `${name}: ${holds ? '' : 'BROKEN: '}${measured}` })
      process.stderr.write(`   ${verdicts.at(-1)?.measured}\n`)
    }
    const leftOut = cases.filter((each) => !taken.includes(each)).map(({ name }) => name)
    return {
      holds: verdicts.every(({ holds }) => holds),
      measured:
        verdicts.map(({ measured }) => measured).join('; ') +
        (leftOut.length > 0 ? `; left out: ${leftOut.join(', ')}` : ''),
    }
  }
