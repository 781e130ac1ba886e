/** A backup, read into a cluster that never saw the first one, is the same database. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { seedDemoAccounts } from '#modules/users/index.ts'
import { migrate } from '#platform/migrations.ts'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { backUp, restore } from '#scripts/engine/postgres-backup.ts'
import { programsAt } from '#scripts/engine/postgres-programs.ts'
import { startPostgres } from '#scripts/engine/postgres-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-backup-'))
// Passable: Postgres runs as a user of its own.
chmodSync(folder, 0o711)
t.teardown(() => rmSync(folder, { recursive: true, force: true }))

async function cluster(name: string) {
  const server = await startPostgres({
    directory: join(folder, name, 'data'),
    socketDirectory: join(folder, name, 'run'),
    logFile: join(folder, `${name}.log`),
    password: "not'simple@all",
    settings: { fsync: 'off', shared_buffers: '16MB' },
  })
  t.teardown(() => server.stop())
  return server
}

async function withDatabase<T>(url: string, work: (database: Postgres) => Promise<T>): Promise<T> {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: 'backup-test' })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** Every table with all its rows, as one digest each. */
const contents = (url: string) =>
  withDatabase(url, async (database) => {
    const tables = await database.text<{ name: string }>(
      `select table_schema || '.' || table_name as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    )
    const digests: Record<string, unknown> = {}
    for (const { name } of tables) {
      const [row] = await database.text(
        `select count(*), md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) from ${name} t`,
      )
      digests[name] = row
    }
    return digests
  })

t.test('restored into a fresh cluster, every table is equal; the former database is kept', async (t) => {
  const [original, fresh] = await Promise.all([cluster('original'), cluster('fresh')])
  await migrate(original.url, { stepsDown: 0 })
  await withDatabase(original.url, async (database) => {
    await database.transaction(seedDemoAccounts)
    await database.text(
      `insert into resources (name, type, owner_id) select 'Ünï ' || n, 'backup', 1 from generate_series(1, 500) n`,
    )
  })
  const file = join(folder, 'sluice.dump')
  await backUp(programsAt(original), file)
  const before = await contents(original.url)
  t.ok(Object.keys(before).length > 5, 'there is something to compare')

  const former = await restore(programsAt(fresh), file)
  t.strictSame(await contents(fresh.url), before)
  t.match(former, /^sluice_before_\d{14}$/)
  await withDatabase(fresh.url, async (database) => {
    const [row] = await database.text<{ id: number }>(
      `insert into resources (name, type, owner_id) values ('after', 'backup', 1) returning id`,
    )
    t.equal(row?.id, 501, 'numbers go on where they were')
  })

  const broken = join(folder, 'broken.dump')
  writeFileSync(broken, 'no dump')
  const undamaged = await contents(fresh.url)
  await t.rejects(restore(programsAt(fresh), broken), /pg_restore failed/)
  t.strictSame(await contents(fresh.url), undamaged, 'a file that is no backup changes nothing')
  await t.rejects(
    backUp(programsAt({ url: 'postgres://sluice@127.0.0.1:1/none' }), join(folder, 'none')),
    /pg_dump failed/,
  )
})
