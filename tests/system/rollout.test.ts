/** New code, one replica after the other, under load; and what happens when the new code is broken. */

import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { nativeFleet } from '#scripts/engine/native-fleet.ts'
import { rollback, rollout } from '#scripts/engine/rollout.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { type Asked, failures, startLoad } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const running = await testStack()
const { layout } = running
const settings =
  layout.state === layoutOf(0).state
    ? localSettings()
    : localSettings({ PORT_BASE: String(layout.ports.balancer) }, '/dev/null')
const fleet = nativeFleet({ settings, layout })
const names = ['api-1', 'api-2', 'api-3']

const foldersOf = (): Promise<string[]> =>
  Promise.all(names.map(async (name) => readlinkSync(`/proc/${await running.pid(name)}/cwd`)))

const mixed = (asked: number): Asked =>
  asked % 10 === 0
    ? {
        method: 'POST',
        path: '/api/v1/resources',
        headers: { authorization: 'Bearer admin-token-dev' },
        body: { name: `rollout ${asked}`, type: 'rollout' },
      }
    : {
        method: 'GET',
        path: `/api/v1/resources/${1 + (asked % 20)}`,
        headers: { authorization: 'Bearer admin-token-dev' },
      }

t.test(
  'a rollout puts a commit on every replica, a rollback what ran before, and no request fails',
  async (t) => {
    const release = fleet.prepare('HEAD')
    const load = startLoad(running.gateway, 8, mixed)
    await load.more(100)
    await rollout(fleet, release, { hasMigrations: true })
    t.strictSame(await foldersOf(), [release, release, release])
    await rollback(fleet, () => undefined)
    t.strictSame(await foldersOf(), [root, root, root])
    await load.more(100)
    await load.stop()
    t.strictSame(failures(load.replies, [200, 201]), [])
  },
)

t.test('broken code stops the rollout at the first replica, which gets its old code back', async (t) => {
  const broken = mkdtempSync(join(tmpdir(), 'sluice-broken-'))
  t.teardown(() => rmSync(broken, { recursive: true }))
  for (const file of ['app/main.ts', 'scripts/migrate.ts']) {
    mkdirSync(join(broken, file, '..'), { recursive: true })
    writeFileSync(join(broken, file), file === 'app/main.ts' ? 'throw new Error("broken")' : '')
  }
  const [, ...untouched] = await Promise.all(names.map((name) => running.pid(name)))
  const load = startLoad(running.gateway, 8, mixed)
  await load.more(50)
  await t.rejects(rollout(fleet, broken, { hasMigrations: true }), /^.*api-1 does not become ready/)
  await load.more(50)
  await load.stop()
  t.strictSame(failures(load.replies, [200, 201]), [])
  t.strictSame(await foldersOf(), [root, root, root])
  t.strictSame(await Promise.all(names.slice(1).map((name) => running.pid(name))), untouched)
})
