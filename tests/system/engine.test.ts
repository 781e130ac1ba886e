import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { identify, isAlive, recorded } from '#scripts/engine/identity.ts'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { dismissSupervisor } from '#scripts/engine/native.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testStack } from '#tests/support/stack.ts'

const names = ['gateway', 'balancer', 'api-1', 'api-2', 'api-3', 'postgres', 'redis']

const answers = async (url: string): Promise<number> => (await fetch(url)).status

/** A command of `make`, as a person gives it. */
function run(script: string, env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ENGINE: 'native', ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const portBaseOf = (balancer: string): string => {
  const port = new URL(balancer).port
  return port === '3000' ? '0' : port
}

t.test('status names every process with all its pids, for programs', async (t) => {
  const stack = await testStack()
  const { stdout } = run('status.ts', { JSON: '1', PORT_BASE: portBaseOf(stack.balancer) })
  const processes: { name: string; pids: number[]; address: string; state: string }[] = JSON.parse(stdout)
  t.strictSame(
    processes.map(({ name }) => name),
    names,
  )
  for (const { name, pids, state, ...others } of processes) {
    t.equal(state, 'up', name)
    t.ok(pids.length > 0 && pids.every((pid) => identify(pid)), `${name}: ${pids}`)
    t.strictSame(Object.keys(others), ['address'])
  }
  t.ok((processes[0]?.pids.length ?? 0) > 1, "nginx's workers are listed")
})

for (const name of names) {
  t.test(`${name}, killed, is back and the whole answers`, async (t) => {
    const stack = await testStack()
    const before = (await stack.report()).find((one) => one.name === name)?.pids ?? []
    const [leader] = before
    await stack.kill(name, 'SIGKILL')
    await stack.untilUp(name, leader)
    await eventually(t, async () => (await answers(`${stack.gateway}/api/v1/status`)) === 200)
    for (const pid of before) t.notOk(identify(pid), `nothing of the old one is left: ${pid}`)
  })
}

t.test('a killed supervisor takes nobody with it, and its successor takes them over', async (t) => {
  const stack = await testStack()
  const { layout } = stack
  const before = await Promise.all(names.map((name) => stack.pid(name)))
  const supervisor = recorded(join(layout.run, 'supervisor.pid'))
  if (supervisor === undefined) return t.fail('there is no supervisor')
  await dismissSupervisor({ settings: localSettings(), layout })
  t.notOk(isAlive(supervisor))
  t.equal(await answers(`${stack.gateway}/api/v1/status`), 200, 'still served')

  await stack.repair()
  t.strictSame(await Promise.all(names.map((name) => stack.pid(name))), before)
  await stack.kill('api-1', 'SIGKILL')
  await stack.untilUp('api-1', before[names.indexOf('api-1')])
})

t.test('refuses a taken port in one line, and leaves nothing behind', async (t) => {
  const portBase = 29_000
  const thief = createServer().listen(layoutOf(portBase).ports.gateway, '127.0.0.1')
  t.teardown(() => thief.close())
  await once(thief, 'listening')
  const { status, stderr } = run('run-local.ts', { PORT_BASE: String(portBase) })
  t.equal(status, 1)
  t.match(stderr.trim(), /^port 29080 for gateway is taken by .*PORT_BASE=\d+.*$/)
  const processes: { pids: number[] }[] = JSON.parse(
    run('status.ts', { JSON: '1', PORT_BASE: '29000' }).stdout,
  )
  t.strictSame(
    processes.flatMap(({ pids }) => pids),
    [],
  )
})

t.test('refuses a bad value in one line that names the variable', async (t) => {
  const { status, stderr } = run('run-local.ts', { PORT_BASE: '29000', CACHE_TTL: 'long' })
  t.equal(status, 1)
  t.match(stderr.trim(), /^CACHE_TTL=long: must be .*; mend it in the environment$/)
})

t.test('stopping twice is fine', async (t) => {
  for (const _ of ['once', 'twice']) t.equal(run('stop.ts', { PORT_BASE: '29000' }).status, 0)
})
