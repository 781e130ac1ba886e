/** During a rollout, and after a rollback, the code before the latest migration runs on the schema after it. */

import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { unpack } from '#scripts/engine/releases.ts'
import { asOwner } from '#tests/support/database.ts'
import { httpClient } from '#tests/support/http.ts'
import { readyReplica, replicaSettings } from '#tests/support/replica-process.ts'

const port = 27_095

const git = (...args: readonly string[]): string =>
  spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''

// In a shallow clone the oldest commit there is has no parent, and seems to have made everything.
const latest = git('log', '-1', '--format=%H', '--', 'app/platform/migrations')
const previous = latest && git('rev-parse', '--verify', '--quiet', `${latest}^`)
const missing = !previous && 'the history before the latest migration is not here: it was not tried'

t.test(
  'the code before the latest migration reads and writes under the present schema',
  missing ? { skip: missing } : {},
  async (t) => {
    const folder = unpack(layoutOf(0, t.testdir()), previous, 'build')
    // What it needs is among the packages of today; to fetch its own would need the network.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const settings = { ...(await replicaSettings(t, port)), DEMO: 'true' }
    const DATABASE_URL = asOwner(String(Reflect.get(settings, 'DATABASE_URL')))
    const env = { PATH: process.env.PATH ?? '', ...settings, DATABASE_URL }
    const seeded = spawnSync(process.execPath, ['scripts/seed.ts'], { cwd: folder, env, encoding: 'utf8' })
    t.equal(seeded.status, 0, seeded.stderr)

    await readyReplica(t, settings, folder)
    const client = httpClient(`http://127.0.0.1:${port}`)
    const admin = client.as('admin-token-dev')
    for (const collection of ['resources', 'items', 'users']) {
      const path = `/api/v1/${collection}`
      t.equal((await admin.get(path)).status, 200, path)
      t.equal((await admin.get(`${path}/1`)).status, 200, `${path}/1`)
    }
    const credentials = { email: 'user@example.com', password: 'user123' }
    t.equal((await client.post('/api/v1/auth/login', credentials)).status, 200)
    for (const [path, body, change] of [
      ['/api/v1/resources', { name: 'before', type: 'kept' }, { name: 'changed' }],
      ['/api/v1/items', { title: 'before' }, { title: 'changed' }],
      ['/api/v1/users', { name: 'Ann', email: 'ann@example.org' }, { name: 'Anna' }],
    ] as const) {
      const made = await admin.post<{ id: number }>(path, body)
      t.equal(made.status, 201, `POST ${path}`)
      t.equal((await admin.patch(`${path}/${made.body.id}`, change)).status, 200, `PATCH ${path}`)
      t.equal((await admin.delete(`${path}/${made.body.id}`)).status, 204, `DELETE ${path}`)
    }
    t.equal((await admin.get('/api/v1/admin/audit')).status, 200)
    t.equal((await admin.get('/api/v1/search/items?q=kettle')).status, 200)
  },
)
