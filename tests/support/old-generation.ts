/** What stays behind in V8's old generation, where only a full collection finds it dead. */

import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'major' | 'minor' }) => void

const oldBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === 'old_space' || space_name === 'large_object_space')
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0)

/**
 * Bytes of the old generation that `rounds` of `work` have added, with collections of the young one alone in between: what
 * they left to garbage there is counted, too. Half as many rounds go before, for code that is compiled and what is kept once.
 */
export async function leftInOldGeneration(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const repeat = async (times: number): Promise<void> => {
    for (let round = 0; round < times; round += 1) {
      await work()
      if (round % roundsBetween === 0) collect({ type: 'minor' })
    }
    // What is young by now and in use would be old by the second.
    collect({ type: 'minor' })
    collect({ type: 'minor' })
  }
  await repeat(rounds / 2)
  collect({ type: 'major' })
  const before = oldBytes()
  await repeat(rounds)
  return oldBytes() - before
}

const roundsBetween = 20
