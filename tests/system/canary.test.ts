/** New code with a share of the traffic: dealt out as weighed, promoted, or withdrawn because it fails. */

import { cpSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { begin, type Look, promote, watch, withdraw } from '#scripts/engine/canary.ts'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { nativeFleet } from '#scripts/engine/native-fleet.ts'
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
const quiet = () => undefined

const foldersOf = (): Promise<string[]> =>
  Promise.all(names.map(async (name) => readlinkSync(`/proc/${await running.pid(name)}/cwd`)))

const look = async (): Promise<readonly Look[]> => {
  const answer = await fetch(`${running.balancer}/lb/status`)
  return ((await answer.json()) as { replicas: Look[] }).replicas
}

const mixed = (asked: number): Asked => ({
  headers: { authorization: 'Bearer admin-token-dev' },
  ...(asked % 10 === 0
    ? { method: 'POST', path: '/api/v1/resources', body: { name: `canary ${asked}`, type: 'canary' } }
    : { method: 'GET', path: `/api/v1/resources/${1 + (asked % 20)}` }),
})

/** Which replica answered each of `count` requests. */
async function servedBy(count: number): Promise<Record<string, number>> {
  const served: Record<string, number> = {}
  for (let asked = 0; asked < count; asked += 1) {
    const { headers } = await fetch(`${running.balancer}/api/v1/resources/1`, {
      headers: { authorization: 'Bearer admin-token-dev' },
    })
    const name = headers.get('x-served-by') ?? ''
    served[name] = (served[name] ?? 0) + 1
  }
  return served
}

t.test('a canary gets its share, is promoted, and no request fails', async (t) => {
  const release = fleet.prepare('HEAD')
  const load = startLoad(running.gateway, 6, mixed)
  await load.more(50)
  const canary = await begin(fleet, release, 10, quiet)
  t.strictSame(await foldersOf(), [root, root, release])
  await load.more(200)
  t.equal(await watch(canary, { look, forMs: 4_000, say: quiet }), undefined)
  await load.stop()
  t.strictSame(failures(load.replies, [200, 201]), [])

  const { 'api-3': few = 0 } = await servedBy(200)
  t.ok(few >= 10 && few <= 40, `${few} of 200 requests where 20 were meant`)
  const promoting = startLoad(running.gateway, 6, mixed)
  await begin(fleet, undefined, 100, quiet)
  t.strictSame(await servedBy(30), { 'api-3': 30 }, 'all of it: the others are the reserve')
  await promote(fleet, quiet)
  await promoting.stop()
  t.strictSame(failures(promoting.replies, [200, 201]), [])
  t.strictSame(await foldersOf(), [release, release, release])
  t.equal(fleet.canary(), undefined)

  for (const name of names) fleet.choose(name, root)
  // Nobody asks meanwhile: all at once, as each takes as long as the balancer keeps a connection.
  await Promise.all(names.map((name) => fleet.replace(name)))
})

t.test('one that fails is noticed by its errors, and withdrawn', async (t) => {
  const release = failingRelease()
  t.teardown(() => rmSync(release, { recursive: true }))
  const load = startLoad(running.gateway, 6, mixed)
  const canary = await begin(fleet, release, 50, quiet)
  const problem = await watch(canary, { look, forMs: 60_000, say: quiet })
  t.match(problem, /^\d+\.\d+ % of \d+ requests failed, beside it 0\.00 %/)
  await withdraw(fleet, quiet)
  await load.stop()
  t.strictSame(await foldersOf(), [root, root, root])

  const after = startLoad(running.gateway, 6, mixed)
  await after.more(200)
  await after.stop()
  t.strictSame(failures(after.replies, [200, 201]), [])
})

t.test('one that never becomes ready leaves everything as it was', async (t) => {
  const release = failingRelease('throw new Error("broken")')
  t.teardown(() => rmSync(release, { recursive: true }))
  await t.rejects(begin(fleet, release, 10, quiet), /^.*api-3 does not become ready/)
  t.equal(fleet.canary(), undefined)
  t.strictSame(await foldersOf(), [root, root, root])
})

/** HEAD, but for its start: every other read of a resource fails there. */
function failingRelease(
  start = `
    import { subscribe } from 'node:diagnostics_channel'
    let asked = 0
    subscribe('fastify.initialization', ({ fastify }) =>
      fastify.addHook('preHandler', async ({ url }) => {
        if (url.includes('/resources/') && asked++ % 2 === 0) throw new Error('a broken release')
      }))
    await import('./whole.ts')`,
): string {
  const folder = join(layout.state, 'releases', 'failing')
  cpSync(fleet.prepare('HEAD'), folder, { recursive: true, verbatimSymlinks: true })
  renameSync(join(folder, 'app/main.ts'), join(folder, 'app/whole.ts'))
  writeFileSync(join(folder, 'app/main.ts'), start)
  return folder
}
