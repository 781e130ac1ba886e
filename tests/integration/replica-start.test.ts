/** What a replica says when it cannot start: a line that names what to mend, and the exit code: 78 for what must be mended first. */

import { createServer } from 'node:net'
import t from 'tap'
import { seedDemoAccounts } from '#modules/users/index.ts'
import { openPostgres } from '#platform/postgres.ts'
import { asOwner } from '#tests/support/database.ts'
import { replicaSettings, startReplica } from '#tests/support/replica-process.ts'

const firstPort = 27_010
const host = '127.0.0.1'

t.test('a bad environment: one line for each variable, and 78', async (t) => {
  const replica = startReplica(t, { PORT: 'abc', LOG_LEVEL: 'loud', REDIS_URL: 'http://x' })
  t.equal(await replica.exited, 78)
  t.equal(replica.stdout(), '')
  const lines = replica.stderr().trim().split('\n')
  t.equal(lines.length, 3)
  for (const name of ['PORT=abc', 'LOG_LEVEL=loud', 'REDIS_URL=(hidden)']) {
    t.ok(
      lines.some((line) => line.startsWith(`config: ${name}: must be `)),
      name,
    )
  }
})

t.test('no secrets: one clear line, and 78; a port that is taken: one, and 1', async (t) => {
  const settings = await replicaSettings(t, firstPort + 4)
  const without = startReplica(t, { ...settings, SECRETS_DIR: '/nonexistent' })
  const occupant = createServer().listen(firstPort + 4, host)
  t.teardown(() => occupant.close())
  const late = startReplica(t, settings)
  t.strictSame(await Promise.all([without.exited, late.exited]), [78, 1])
  t.match(without.stderr(), /^config: SECRETS_DIR=\/nonexistent holds no [^\n]+\n$/)
  t.match(late.stderr(), /^listen: 127\.0\.0\.1:27014 is taken[^\n]+PORT[^\n]*\n$/)
  t.notMatch(late.stdout(), 'listening')
})

t.test('demo accounts outside of demo mode: one line, and 78', async (t) => {
  const settings = await replicaSettings(t, firstPort + 5)
  const url = asOwner(String(settings.DATABASE_URL))
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 5_000, name: 'test' })
  await database.transaction(seedDemoAccounts)
  await database.close()
  const replica = startReplica(t, settings)
  t.equal(await replica.exited, 78)
  t.match(replica.stderr(), /^config: DEMO=false, [^\n]+\n$/)
})
