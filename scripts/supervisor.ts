/**
 * The one process of a native stack that is not part of it: starts the others, keeps them alive, takes orders.
 * Killed, it takes nobody with it; the next one finds the processes by their pid files and goes on.
 * The whole of its settings comes from its environment.
 */

import { join } from 'node:path'
import { loadConfig } from '#app/load-config.ts'
import { type Answer, listen, type Order } from './engine/control.ts'
import { identify, record } from './engine/identity.ts'
import { layoutOf, makeFolders } from './engine/layout.ts'
import { rotateLogs } from './engine/log-files.ts'
import { processTable } from './engine/process-table.ts'
import { fingerprintOf, givenIn } from './engine/settings.ts'
import { stackRun } from './engine/stack-run.ts'

const given = givenIn(process.env)
const config = loadConfig(given)
const layout = layoutOf(config.PORT_BASE)
makeFolders(layout)
rotateLogs(layout.log)

const run = stackRun(processTable({ config, layout, given }), layout)
const answer = (): Answer => ({ fingerprint: fingerprintOf(given), report: run.report() })

const server = await listen(layout.run, async (what: Order) => {
  if (what.do === 'repair' && run.report().phase !== 'starting') void run.start()
  if (what.do === 'restart') await run.restart(what.names)
  if (what.do === 'stop') await stop()
  return answer()
})
const self = identify(process.pid)
if (self !== undefined) record(join(layout.run, 'supervisor.pid'), self)
console.log(`${new Date().toISOString()} supervisor ${process.pid} started`)

const rotation = setInterval(() => rotateLogs(layout.log), 60_000)
let stopping: Promise<void> | undefined

function stop(): Promise<void> {
  stopping ??= (async () => {
    await run.stop()
    clearInterval(rotation)
    // Whoever gave the order still gets its answer on the open connection.
    server.close()
    console.log(`${new Date().toISOString()} supervisor ${process.pid} stopped everything`)
  })()
  return stopping
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop)
process.on('SIGHUP', () => undefined)
void run.start()
