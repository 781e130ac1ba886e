import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'

/** Starts two things, of which one cannot be ended, and goes on. */
const program = `
  import { endedByInterrupt } from '#scripts/engine/interrupt.ts'
  endedByInterrupt({ [Symbol.asyncDispose]: async () => { console.log('ended') } })
  endedByInterrupt({ [Symbol.asyncDispose]: async () => { throw new Error('stuck') } })
  console.log('started')
  setInterval(() => {}, 1_000)`

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  t.test(`${signal} ends what was started before it ends the program`, async (t) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    const output = text(child.stdout)
    const complaints = text(child.stderr)
    child.stdout.once('data', () => child.kill(signal))
    t.strictSame(await once(child, 'close'), [status, null])
    t.equal(await output, 'started\nended\n')
    t.match(await complaints, /stopping what was started.*\n.*stuck/)
  })
}
