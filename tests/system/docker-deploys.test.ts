/** In containers: new code without a failed request, a replica that freezes, a backup put back. */

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { begin, promote } from '#scripts/engine/canary.ts'
import { composeFor, dockerReport, imageOf, restartContainer, startDocker } from '#scripts/engine/docker.ts'
import { dockerFleet } from '#scripts/engine/docker-fleet.ts'
import { layoutOf } from '#scripts/engine/layout.ts'
import { backUp, restore } from '#scripts/engine/postgres-backup.ts'
import { programsIn } from '#scripts/engine/postgres-programs.ts'
import { rollback, rollout } from '#scripts/engine/rollout.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { eventually } from '#tests/support/eventually.ts'
import { type Asked, ask, failures, startLoad } from '#tests/support/load.ts'
import { ownPortBase } from '#tests/support/stack-variable.ts'
import { whatIsMissing } from './docker-stack.ts'

const missing = await whatIsMissing()
const quiet = () => undefined
const headers = { authorization: 'Bearer admin-token-dev' }

const freezing =
  "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline | grep -q 'node app/main[.]ts' && kill -STOP $(basename $p); done; true"

const mixed = (asked: number): Asked => ({
  headers,
  ...(asked % 10 === 0
    ? { method: 'POST', path: '/api/v1/resources', body: { name: `deploy ${asked}`, type: 'deploy' } }
    : { method: 'GET', path: `/api/v1/resources/${1 + (asked % 20)}` }),
})

t.test('deploys in containers', missing ? { skip: missing } : { timeout: 900_000 }, async (t) => {
  const portBase = ownPortBase() + 500
  const settings = localSettings({ PORT_BASE: String(portBase) }, '/dev/null')
  const layout = layoutOf(portBase)
  const compose = composeFor(settings)
  const fleet = dockerFleet(compose, { settings, layout })
  const gateway = `http://127.0.0.1:${layout.ports.gateway}`
  t.teardown(() => {
    compose.read('down', '--volumes', '--remove-orphans', '--timeout', '5')
    rmSync(layout.state, { recursive: true, force: true })
  })
  await startDocker(compose, quiet)
  const imagesOf = () => fleet.names.map((name) => compose.read('ps', '--quiet', name).trim()).map(imageOf)
  const before = imagesOf()

  await t.test('a rollout, a rollback and a canary: no request fails', async (t) => {
    const release = fleet.prepare('HEAD')
    const load = startLoad(gateway, 6, mixed)
    await load.more(100)
    await rollout(fleet, release, { hasMigrations: true })
    t.strictSame(new Set(fleet.names.map(fleet.releaseOf)), new Set([release]))
    await rollback(fleet, quiet)
    t.strictSame(imagesOf(), before)
    await begin(fleet, release, 10, quiet)
    await load.more(100)
    await promote(fleet, quiet)
    await load.more(100)
    await load.stop()
    t.strictSame(failures(load.replies, [200, 201]), [])
  })

  await t.test('a replica that freezes is ended and started again; reads do not notice', async (t) => {
    const load = startLoad(gateway, 6, (asked) => mixed(asked * 10 + 1))
    await load.more(50)
    const pidOf = () =>
      dockerReport(compose)
        .find(({ name }) => name === 'api-2')
        ?.pids.at(1)
    const frozen = await eventually(t, pidOf)
    compose.read('exec', '-T', 'api-2', 'sh', '-c', freezing)
    await eventually(t, () => pidOf() !== undefined && pidOf() !== frozen, { withinMs: 60_000 })
    await load.more(50)
    await load.stop()
    t.strictSame(failures(load.replies, [200]), [])
  })

  for (const [name, dies] of [
    ['redis', ['redis-cli', 'shutdown', 'nosave']],
    ['postgres', ['pg_ctl', 'stop', '--mode=immediate', '--no-wait']],
  ] as const) {
    await t.test(`${name} freezes, and dies: all goes on afterwards`, async (t) => {
      const path = '/api/v1/resources/3'
      const change = { method: 'PATCH', path, headers, body: { description: name } }
      const isWritten = async () => (await ask(gateway, change)).status === 200
      compose.read('pause', name)
      await eventually(t, async () => (await ask(gateway, { method: 'GET', path, headers })).status === 200, {
        withinMs: 60_000,
      })
      compose.read('unpause', name)
      await eventually(t, isWritten, { withinMs: 60_000 })
      // It takes the session of this command with it, whose end then says nothing.
      try {
        compose.read('exec', '-T', name, ...dies)
      } catch {}
      await eventually(t, () => dockerReport(compose).find((one) => one.name === name)?.state === 'up', {
        withinMs: 120_000,
      })
      await eventually(t, isWritten, { withinMs: 60_000 })
    })
  }

  await t.test('a backup put back takes away what came after it', async (t) => {
    const file = join(layout.state, 'test.dump')
    await backUp(programsIn(compose), file)
    const late = { method: 'POST', path: '/api/v1/resources', headers, body: { name: 'late', type: 'late' } }
    t.equal((await ask(gateway, late)).status, 201)
    await restore(programsIn(compose), file)
    for (const name of ['redis', ...fleet.names]) await restartContainer(compose, name)
    const found = await eventually(
      t,
      async () => {
        const { status, body } = await ask(gateway, { method: 'GET', path: '/api/v1/resources?type=late' })
        return status === 200 ? body : ''
      },
      { withinMs: 60_000 },
    )
    t.strictSame(JSON.parse(found).data, [])
  })
})
