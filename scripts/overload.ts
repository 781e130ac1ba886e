/**
 * `make overload`: goodput against offered load, 0.5 to 5 times capacity, through the gateway of a stack of its own.
 * Prints a table for docs/overload.md and writes docs/overload.svg. About a minute.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#app/load-config.ts'
import { command } from './engine/command.ts'
import { endedByInterrupt } from './engine/interrupt.ts'
import { root } from './engine/layout.ts'
import { startStack } from './engine/stack.ts'
import { chart } from './overload/chart.ts'
import { cores } from './overload/cores.ts'
import { openOverload, type Step } from './overload/goodput.ts'
import { shareOf } from './overload/plan.ts'
import { flood } from './prove/grounds.ts'

const usualPortBase = 30_500
const factors = [0.5, 1, 1.5, 2, 3, 4, 5]
const secondsEach = 6
const names = ['health', 'admin', 'enterprise', 'anonymous']

const row = ({ factor, offeredPerSecond, goodPerSecond, streams }: Step): string => {
  const shares = names.map((name) => streams.filter((each) => each.name === name).map(shareOf)[0] ?? 0)
  const p99 = Math.max(...streams.map(({ p99Ms }) => p99Ms))
  return [
    factor,
    offeredPerSecond.toFixed(0),
    goodPerSecond.toFixed(0),
    ...shares.map((share) => `${(share * 100).toFixed(0)} %`),
    p99.toFixed(0),
  ].join(' | ')
}

await command(async () => {
  const { ofLoad, isApart } = cores()
  const portBase = loadConfig(process.env).PORT_BASE || usualPortBase
  await using stack = endedByInterrupt(await startStack({ portBase, env: flood.env }))
  try {
    const load = await openOverload(stack, ofLoad)
    console.log(`the load ${isApart ? 'on cores of its own' : 'on the same cores'}\n`)
    console.log(`| offered, times capacity | a second | good a second | ${names.join(' | ')} | p99 ms |`)
    console.log(`| --- | --- | --- | ${names.map(() => '---').join(' | ')} | --- |`)
    const steps: Step[] = []
    for (const factor of factors) {
      const step = await load.step(factor, secondsEach)
      steps.push(step)
      console.log(`| ${row(step)} |`)
    }
    writeFileSync(join(root, 'docs', 'overload.svg'), chart(steps, load.capacityPerSecond))
  } finally {
    await stack.stop({ erase: true })
  }
})
