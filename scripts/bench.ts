/**
 * `make bench`: measures what a request costs, in CPU time of all servers, against a floor that runs beside it.
 *   ONLY=cached_get,create   some rows      JSON=1   one JSON object as the last line
 *   ROUNDS=5 SCALE=1         how long       PORT_BASE=28000   where its stacks listen
 */

import { loadavg } from 'node:os'
import { writePage } from './bench/page.ts'
import { json, terminalTable } from './bench/report.ts'
import type { Context, Result, Row } from './bench/row.ts'
import { rows } from './bench/rows.ts'
import { benchStacks } from './bench/stacks.ts'
import { command } from './engine/command.ts'
import { EngineError, messageOf } from './engine/engine-error.ts'

const { ONLY = '', JSON: wantsJson = '', ROUNDS = '5', SCALE = '1', PORT_BASE = '28000' } = process.env

await command(async () => {
  const chosen = chosenRows(ONLY)
  const began = performance.now()
  const [loadBefore = 0] = loadavg()
  const say = (text: string) =>
    console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${text}`)

  const results: Result[] = []
  await using stacks = benchStacks(Number(PORT_BASE), say)
  for (const row of chosen) {
    const progress = (text: string) => say(`${row.name}: ${text}`)
    try {
      const result = await measure(row, { stacks, rounds: Number(ROUNDS), scale: Number(SCALE), progress })
      results.push(result)
      progress(`ratio ${result.ratio.toFixed(3)}`)
    } catch (error) {
      // The other rows still say something.
      progress(`failed: ${messageOf(error)}`)
      process.exitCode = 1
    }
  }
  const minutes = (performance.now() - began) / 60_000
  if (ONLY === '') writePage({ results, rounds: Number(ROUNDS), minutes, loadBefore })
  console.log(terminalTable(results))
  if (wantsJson !== '') console.log(json(results))
})

function chosenRows(only: string): readonly Row[] {
  if (only === '') return rows
  return only.split(',').map((name) => {
    const row = rows.find((one) => one.name === name)
    if (row === undefined) {
      throw new EngineError(`ONLY=${name}: there are ${rows.map((one) => one.name).join(', ')}`)
    }
    return row
  })
}

async function measure({ name, work, goal, measure }: Row, context: Context): Promise<Result> {
  return { name, work, goal, ...(await measure(context)) }
}
