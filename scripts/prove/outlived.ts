/** How long what was revoked went on working, by the way of revoking it. */

import type { RunningStack } from '#scripts/engine/stack.ts'
import type { Verdict } from './promise.ts'
import type { Revocation } from './revocations.ts'
import { type Outlived, outlive } from './uses.ts'

type Named = Outlived & { readonly name: string }

export function judged(found: readonly Named[], boundMs: number): Verdict {
  const others = found.flatMap((each) => each.others)
  const uses = found.reduce((sum, each) => sum + each.uses, 0)
  return {
    holds: others.length === 0 && found.every(({ longestMs }) => longestMs <= boundMs),
    measured:
      `${found.map(({ name, longestMs }) => `${name} ${longestMs.toFixed(0)}`).join(', ')} ms; ${uses} uses` +
      (others.length > 0 ? `, ${others.length} answered otherwise: ${others[0]}` : ''),
  }
}

/** Each way `rounds` times; of each the longest. */
export async function outlivedBy(
  stack: RunningStack,
  ways: readonly Revocation[],
  rounds: number,
): Promise<Named[]> {
  const found: Named[] = []
  for (const { name, arrange } of ways) {
    for (let round = 0; round < rounds; round++) {
      const { questions, revoke } = await arrange(stack)
      found.push({ name, ...(await outlive(stack, questions, revoke)) })
    }
  }
  return ways.map(({ name }) => {
    const same = found.filter((each) => each.name === name)
    return {
      name,
      longestMs: Math.max(...same.map(({ longestMs }) => longestMs)),
      uses: same.reduce((sum, { uses }) => sum + uses, 0),
      others: same.flatMap(({ others }) => others),
    }
  })
}
