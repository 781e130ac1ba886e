/** What a statement brought leaves with the young generation, though postgres.js assigns closures to each query. */

import alone from 'postgres'
import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { postgresAddress } from '#platform/postgres-address.ts'
import { testDatabase } from '#tests/support/database.ts'
import { leftInOldGeneration } from '#tests/support/old-generation.ts'

const url = await testDatabase(t)
const postgres = openPostgres({
  url,
  maxConnections: 2,
  statementTimeoutMs: 60_000,
  name: 'garbage',
})
t.teardown(() => postgres.close())

/** About 100 KB as values. */
const large = 'select n, repeat(n::text, 20) as text from generate_series(1000000, 1000499) n'
const rounds = 300

t.test('that the client itself keeps them is why', async (t) => {
  const { url: address, askPrimary: _, ...place } = postgresAddress(url)
  const client = alone(address, { ...place, max: 2 })
  t.teardown(() => client.end())
  const query = async () => (await client.unsafe(large, [], { prepare: true })).length
  const left = await leftInOldGeneration(rounds, async () => t.equal(await query(), 500))
  t.ok(left > 20 * 2 ** 20, `${left} bytes: no need for rows to pass by the query any more`)
})

t.test('of the pool', async (t) => {
  const query = async () => (await postgres.text(large)).length
  const left = await leftInOldGeneration(rounds, async () => t.equal(await query(), 500))
  t.ok(left < 10 * 2 ** 20, `${left} bytes`)
})

t.test('of a transaction', async (t) => {
  const query = () => postgres.transaction(async (within) => (await within.text(large)).length)
  const left = await leftInOldGeneration(rounds, async () => t.equal(await query(), 500))
  t.ok(left < 10 * 2 ** 20, `${left} bytes`)
})
