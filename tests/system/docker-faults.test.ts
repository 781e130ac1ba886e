/** In containers: a replica that freezes, Redis and Postgres that freeze and die, a backup put back. */

import { join } from 'node:path'
import t from 'tap'
import { dockerReport } from '#scripts/engine/docker.ts'
import { eventually } from '#tests/support/eventually.ts'
import { ask, failures, startLoad } from '#tests/support/load.ts'
import { ownPortBase } from '#tests/support/stack-variable.ts'
import { dockerEngine } from './docker-engine.ts'
import { whatIsMissing } from './docker-stack.ts'

const missing = await whatIsMissing()
const headers = { authorization: 'Bearer admin-token-dev' }

const freezing =
  "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline | grep -q 'node app/main[.]ts' && kill -STOP $(basename $p); done; true"

t.test('faults in containers', missing ? { skip: missing } : {}, async (t) => {
  const { gateway, layout, compose, run } = await dockerEngine(t, ownPortBase() + 600)

  await t.test('a replica that freezes is ended and started again; reads do not notice', async (t) => {
    const load = startLoad(gateway, 6, (asked) => ({
      method: 'GET',
      path: `/api/v1/resources/${1 + (asked % 20)}`,
      headers,
    }))
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
      const isRead = async () => (await ask(gateway, { method: 'GET', path, headers })).status === 200
      // By every replica: what none has read, none can answer while Postgres is away.
      for (let tries = 0; tries < 30; tries += 1) t.ok(await isRead())
      compose.read('pause', name)
      try {
        await eventually(t, isRead, { withinMs: 60_000 })
      } finally {
        compose.read('unpause', name)
      }
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
    await run('scripts/backup.ts', { FILE: file })
    const late = { method: 'POST', path: '/api/v1/resources', headers, body: { name: 'late', type: 'late' } }
    t.equal((await ask(gateway, late)).status, 201)
    await run('scripts/restore.ts', { FILE: file, YES: '1' })
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
