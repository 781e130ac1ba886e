/** What has passed through leaves with the young generation: a table that was outgrown must hold nothing of it (docs/performance.md). */

import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { SingleFlight } from '#kernel/single-flight.ts'
import { leftInOldGeneration } from '#tests/support/old-generation.ts'

/** About 80 KB. */
const large = () => Array.from({ length: 10_000 }, (_, index) => index + 0.5)
const rounds = 400

t.test('a map that is added to and deleted from holds what has left it', async (t) => {
  const map = new Map<number, number[]>()
  let next = 0
  const left = await leftInOldGeneration(rounds, async () => {
    map.set(next, large())
    map.delete(next - 10)
    next += 1
    await turn()
  })
  t.ok(left > 10 * 2 ** 20, 'or these tests would find nothing')
})

/** Some are always under way, each over several turns. */
const overlapping = async (one: () => Promise<unknown>): Promise<number> => {
  const running: Promise<unknown>[] = []
  const left = await leftInOldGeneration(rounds, async () => {
    running.push(one())
    if (running.length > 10) await running.shift()
  })
  await Promise.all(running)
  return left
}

t.test('the results of flights', async (t) => {
  const flights = new SingleFlight<number[]>()
  let next = 0
  const left = await overlapping(async () => {
    const { length } = await flights.run(`key ${next++}`, async () => {
      for (let turns = 0; turns < 5; turns += 1) await turn()
      return large()
    })
    return length
  })
  t.equal(flights.size, 0)
  t.ok(left < 4 * 2 ** 20, `${left} bytes of ${rounds * 80_000}`)
})
