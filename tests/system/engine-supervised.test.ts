import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { descendantsOf, identify, isAlive, signal } from '#scripts/engine/identity.ts'
import { type Service, type State, type Supervised, supervise } from '#scripts/engine/supervised.ts'
import { eventually } from '#tests/support/eventually.ts'

// Says that it is ready by a file, and may take a child with it, as nginx does.
const program = `
const { spawn } = require('node:child_process')
const { writeFileSync, appendFileSync } = require('node:fs')
const [folder, mode] = process.argv.slice(1)
if (mode === 'crash') { console.error('Error: no flux capacitor'); process.exit(1) }
if (mode === 'refuse') { appendFileSync(folder + '/tries', 'x'); console.error('config: mend me'); process.exit(78) }
if (mode === 'parent') spawn('sleep', ['1000'])
process.on('SIGTERM', () => { appendFileSync(folder + '/ended', 'x'); process.exit(0) })
writeFileSync(folder + '/ready', String(process.pid))
setInterval(() => {}, 1000)
`

function stage(t: Test, mode = 'plain') {
  const folder = t.testdir({ run: {}, log: {} })
  const ready = join(folder, 'ready')
  const service: Service = {
    name: 'subject',
    address: 'nowhere',
    prepare: () => ({ program: process.execPath, args: ['-e', program, folder, mode] }),
    isReady: async () => existsSync(ready) && readFileSync(ready, 'utf8') === readPid(folder),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
  }
  const folders = { run: join(folder, 'run'), log: join(folder, 'log') }
  mkdirSync(folders.run, { recursive: true })
  const open = (): Supervised => {
    const supervised = supervise(service, folders)
    t.teardown(() => supervised.stop())
    return supervised
  }
  return { folder, open }
}

const readPid = (folder: string): string | undefined =>
  readFileSync(join(folder, 'run', 'subject.pid'), 'utf8').split(' ')[0]

function processOf(state: State) {
  if (!('process' in state)) throw new Error(`there is no process while ${state.is}`)
  return state.process
}

t.test('starts again what was killed', async (t) => {
  const subject = stage(t).open()
  await subject.start()
  const first = processOf(subject.state)
  signal(first, 'SIGKILL')
  await eventually(t, () => subject.state.is === 'up' && subject.state.process.pid !== first.pid)
  const second = processOf(subject.state)
  t.ok(isAlive(second))
  t.notOk(isAlive(first))
})

t.test('ends it in its own way and leaves no pid file that means anyone', async (t) => {
  const { folder, open } = stage(t)
  const subject = open()
  await subject.start()
  const process = processOf(subject.state)
  await subject.stop()
  t.equal(readFileSync(join(folder, 'ended'), 'utf8'), 'x')
  t.notOk(isAlive(process))
  t.equal(subject.state.is, 'down')
})

t.test('reports a crash loop with the reason, and keeps trying', async (t) => {
  const subject = stage(t, 'crash').open()
  await t.rejects(subject.start(), { name: 'EngineError', message: /no flux capacitor/ })
  t.match(subject.state, { is: 'crash-loop', problem: /no flux capacitor/ })
})

t.test('does not start again by itself what asks to be mended first', async (t) => {
  const { folder, open } = stage(t, 'refuse')
  const subject = open()
  const tries = () => readFileSync(join(folder, 'tries'), 'utf8').length
  await t.rejects(subject.start(), /refuses to start: config: mend me/)
  t.match(subject.state, { is: 'crash-loop' })
  t.equal(tries(), 1)
  await t.rejects(subject.start(), /mend me/)
  t.equal(tries(), 2, 'once for each time that somebody asked')
})

t.test('kills the children a killed leader left behind before it starts a new one', async (t) => {
  const subject = stage(t, 'parent').open()
  await subject.start()
  const leader = processOf(subject.state)
  await eventually(t, () => descendantsOf(leader.pid).length > 0)
  const [pid = 0] = descendantsOf(leader.pid)
  const child = identify(pid)
  signal(leader, 'SIGKILL')
  await eventually(t, () => subject.state.is === 'up' && subject.state.process.pid !== leader.pid)
  t.ok(child)
  t.notOk(child && isAlive(child), 'the orphan would keep the ports')
})

t.test('takes over the process that an earlier supervisor left running', async (t) => {
  const { open } = stage(t)
  const first = open()
  await first.start()
  const process = processOf(first.state)
  const second = open()
  await second.start()
  t.strictSame(processOf(second.state), process)
  await first.stop()
})

t.test('never signals a process that was given the number of another', async (t) => {
  const { folder, open } = stage(t)
  const self = identify(process.pid)
  writeFileSync(join(folder, 'run', 'subject.pid'), `${process.pid} another-start-time\n`)
  const subject = open()
  await subject.start()
  t.not(processOf(subject.state).pid, process.pid)
  t.ok(self && isAlive(self))
})
