/**
 * `make chaos MINUTES=10`: faults at random, one after the other, under a mixed load, on a stack of its own. The same
 * SEED plays the same faults. What clients saw is judged at the end; exit code 1 when something was lost, stale or unexplained,
 * or when a fault could not be played.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { loadConfig } from '#app/load-config.ts'
import { problemTable } from '#http/error-reply.ts'
import { type Fault, faults } from './chaos/faults.ts'
import { isClean, judge } from './chaos/judge.ts'
import { type ChaosLoad, startChaosLoad } from './chaos/load.ts'
import { nothingPlayed, type Played, playOne } from './chaos/play.ts'
import { seeded } from './chaos/seeded.ts'
import { command, table } from './engine/command.ts'
import { endedByInterrupt } from './engine/interrupt.ts'
import { type RunningStack, startStack } from './engine/stack.ts'
import { untilWhole } from './prove/clients.ts'

const usualPortBase = 32_000
const minutes = Number(process.env.MINUTES || 5)
const seed = Number(process.env.SEED || Date.now() % 1_000_000)

const summary = ({ counts }: ChaosLoad): string =>
  [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status || 'none'}: ${count}`)
    .join('  ')

async function play(stack: RunningStack, load: ChaosLoad): Promise<Played> {
  const random = seeded(seed)
  const played = nothingPlayed()
  const startedAt = performance.now()
  const minutesGone = () => (performance.now() - startedAt) / 60_000
  while (minutesGone() < minutes) {
    const fault = faults[Math.floor(random() * faults.length)] as Fault
    console.log(`${minutesGone().toFixed(1)} min  ${fault.name.padEnd(32)} ${summary(load)}`)
    await playOne(fault, { stack, random, played })
    await delay(500 + random() * 4_000)
  }
  return played
}

await command(async () => {
  console.log(`${minutes} minutes, SEED=${seed}`)
  const portBase = loadConfig(process.env).PORT_BASE || usualPortBase
  await using stack = endedByInterrupt(await startStack({ portBase, env: { CACHE_TTL: '5' } }))
  try {
    const load = await startChaosLoad(stack)
    const played = await play(stack, load)
    await untilWhole(stack)
    const seen = await load.stop()
    const judgement = judge(seen, played, new Set(problemTable.map(({ code }) => code)))
    const reads = seen.registers.reduce((sum, register) => sum + register.reads.length, 0)
    const { lost, doubled, stale, unexplained, unplayed } = judgement
    console.log(
      `\n${table(
        ['fault', 'times'],
        [...played.times].map(([name, times]) => [name, String(times)]),
      )}\n`,
    )
    console.log(`answers       ${summary(load)}`)
    console.log(
      `acknowledged  ${seen.acknowledged.length} creates: ${lost.length} lost, ${doubled.length} doubled`,
    )
    console.log(`reads         ${reads} of registers: ${stale.length} stale`)
    console.log(`refusals      ${seen.refusals.length}: ${unexplained.length} without a listed reason`)
    for (const each of unexplained.slice(0, 10)) console.log(`  ${each}`)
    if (unplayed.length > 0) console.log(`not played    ${unplayed.join('\n              ')}`)
    process.exitCode = isClean(judgement) ? 0 : 1
    console.log(isClean(judgement) ? 'clean' : `BROKEN: SEED=${seed} plays the same faults again`)
  } finally {
    await stack.stop({ erase: true })
  }
})
