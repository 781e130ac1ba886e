/** `make status`: what runs, as a table; JSON=1 prints the same for programs. */

import { command, table } from './engine/command.ts'
import { reportOf } from './engine/engine.ts'
import { localSettings } from './engine/settings.ts'
import type { ProcessReport } from './engine/stack-run.ts'

export const statusTable = (processes: readonly ProcessReport[]): string =>
  table(
    ['process', 'address', 'pid', 'state'],
    processes.map(({ name, address, pids, state }) => [name, address, shortened(pids), state]),
  )

const shortened = ([first, ...others]: readonly number[]): string =>
  first === undefined ? '-' : others.length === 0 ? String(first) : `${first} +${others.length}`

if (import.meta.main) {
  await command(async () => {
    const processes = await reportOf(localSettings())
    if (process.env.JSON) {
      console.log(
        JSON.stringify(processes.map(({ name, pids, address, state }) => ({ name, pids, address, state }))),
      )
      return
    }
    console.log(statusTable(processes))
    for (const problem of new Set(processes.map((one) => one.problem)))
      if (problem) console.log(`\n  ${problem}`)
  })
}
