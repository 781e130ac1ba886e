/**
 * The first process of a replica's container: `node scripts/contained.ts app/main.ts`. Runs the program and hands signals
 * on. An engine of containers starts again what ends, and looks on at what is stuck: so this ends it (engine/liveness.ts).
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { argv, env, execPath } from 'node:process'
import { isSilent } from './engine/http.ts'
import { identify } from './engine/identity.ts'
import { untilStuck } from './engine/liveness.ts'

const child = spawn(execPath, argv.slice(2), { stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))

const replica = child.pid === undefined ? undefined : identify(child.pid)
if (replica !== undefined) {
  const port = Number(env.PORT)
  untilStuck(replica, () => isSilent({ port, path: '/health' }), new AbortController().signal).then(
    (reason) => {
      console.error(`the replica ${reason}: ending it`)
      child.kill('SIGKILL')
    },
  )
}

const [code] = (await once(child, 'exit')) as [number | null]
process.exit(code ?? 1)
