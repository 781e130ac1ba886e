/**
 * `make prove`: the promises of the design, measured on stacks of its own; ONLY=P5 for one, JSON=1 for programs.
 * `--short` for CI: less of each, on one stack, with generous bounds in time, which it prints beside the usual ones; it says what
 * it leaves out of a promise. Without P5, which tests/system/rollout.test.ts has, and P9, which needs a quiet machine. What is broken
 * is measured once more, so that it is known for what it is.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '#app/load-config.ts'
import { command, table } from './engine/command.ts'
import { EngineError, messageOf } from './engine/engine-error.ts'
import { endedByInterrupt } from './engine/interrupt.ts'
import { root } from './engine/layout.ts'
import { type RunningStack, startStack } from './engine/stack.ts'
import { cores, coresInAll, startApart } from './overload/cores.ts'
import { untilWhole } from './prove/clients.ts'
import { outage } from './prove/grounds.ts'
import { page, type Result } from './prove/page.ts'
import type { Ground, Promised, Verdict } from './prove/promise.ts'
import { promises } from './prove/promises.ts'

const usualPortBase = 31_000
const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const wanted = (process.env.ONLY ?? '').split(',').filter(Boolean)
const portBase = loadConfig(process.env).PORT_BASE || usualPortBase
const leftOut = ['P5', 'P9']
// Of the loads that this process makes.
let isLoadApart = false
const say = (line: string) => process.stderr.write(`${line}\n`)

/** Leaves the stack whole. */
async function measure(promised: Promised, stack: RunningStack): Promise<Verdict> {
  say(`${promised.id} ${promised.promise} …`)
  const startedAt = performance.now()
  const verdict = await promised
    .measure(stack, { isShort: values.short })
    .catch((error): Verdict => ({ holds: false, measured: messageOf(error) }))
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  say(`${promised.id} ${verdict.holds ? 'holds' : 'BROKEN'} after ${seconds} s: ${verdict.measured}`)
  await stack.repair()
  await untilWhole(stack)
  return verdict
}

/** Measures what stands on one ground, on a stack that lives as long. */
async function measureOn(ground: Ground, chosen: readonly Promised[]): Promise<Result[]> {
  say(`starting a stack on ${portBase}`)
  const options = process.env.NODE_OPTIONS
  // The supervisor takes it over, and hands it to the replicas.
  if (ground.preload !== undefined)
    process.env.NODE_OPTIONS = `${options ?? ''} --import=${ground.preload}`.trim()
  const start = async () => endedByInterrupt(await startStack({ portBase, env: ground.env }))
  // Where the load is another process it is kept apart on two cores already.
  if (ground.isApart) cores()
  const starting = ground.isApart
    ? start().then((started) => ({ started, isApart: false }))
    : startApart(start)
  const { started: stack, isApart } = await starting.finally(() => {
    if (options === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = options
  })
  isLoadApart ||= isApart
  const results: Result[] = []
  try {
    for (const promised of chosen) {
      const first = await measure(promised, stack)
      const verdict = first.holds || !values.short ? first : await measure(promised, stack)
      results.push({ ...promised, ...verdict })
    }
  } finally {
    await stack.stop({ erase: true })
  }
  return results
}

await command(async () => {
  const chosen = promises
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .filter(({ id }) => !values.short || !leftOut.includes(id))
  if (chosen.length === 0) throw new EngineError(`ONLY: one of ${promises.map(({ id }) => id).join(', ')}`)
  const results: Result[] = []
  const boundOf = ({ bound, boundInShort }: Promised): string =>
    values.short && boundInShort !== undefined ? `${boundInShort} (short form; else ${bound})` : bound
  for (const [ground, standing] of Map.groupBy(chosen, ({ on }) => (values.short ? outage : on)))
    results.push(...(await measureOn(ground, standing)))
  results.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  if (wanted.length === 0 && !values.short)
    writeFileSync(join(root, 'docs', 'promises.md'), page(results, { coresInAll, isLoadApart }))
  say(
    table(
      ['', 'bound', 'measured', ''],
      results.map((each) => [each.id, boundOf(each), each.measured, each.holds ? 'holds' : 'BROKEN']),
    ),
  )
  if (process.env.JSON === '1') {
    const byId = results.map((each) => [
      each.id,
      { holds: each.holds, bound: boundOf(each), measured: each.measured },
    ])
    console.log(JSON.stringify(Object.fromEntries(byId)))
  }
  process.exitCode = results.every(({ holds }) => holds) ? 0 : 1
})
