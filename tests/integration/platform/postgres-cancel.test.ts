/** Queries that are cancelled while others use the same connections: each of those still gets its own answer. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { testDatabase } from '#tests/support/database.ts'
import { eventually } from '#tests/support/eventually.ts'

const openPool = async () => {
  const postgres = openPostgres({
    url: await testDatabase(t),
    maxConnections: 2,
    statementTimeoutMs: 60_000,
    name: 'cancel',
  })
  t.teardown(() => postgres.close())
  return postgres
}

t.test('what others are answered stays theirs, however many leave beside them', async (t) => {
  const postgres = await openPool()
  const leaving: AbortController[] = []
  const ask = async (number: number, leaver?: AbortController): Promise<string> => {
    // Different columns, so that an answer given to the wrong query cannot look right.
    const name = `n${number % 7}`
    const query = `select pg_sleep(0.001)::text as slept, $1::int as ${name}, repeat('x', ${number % 7}) as filling`
    try {
      const [row] = await postgres.text<Record<string, unknown>>(query, [number], leaver?.signal)
      // Each answer has one of the others leave, wherever its query is by then.
      leaving.shift()?.abort(new Error('left'))
      return row?.[name] === number && row.filling === 'x'.repeat(number % 7) ? 'right' : 'wrong'
    } catch (error) {
      return leaver?.signal.aborted ? 'left' : `failed: ${String(error)}`
    }
  }
  // Known statements, as all are after a moment: only those are sent without waiting for what is before them.
  for (let number = 0; number < 7; number++) await Promise.all([ask(number), ask(number)])
  const asked = Array.from({ length: 600 }, (_, number) => {
    if (number % 3 > 0) return ask(number)
    const leaver = new AbortController()
    leaving.push(leaver)
    return ask(number, leaver)
  })
  const outcomes = new Set(await Promise.all(asked))
  outcomes.delete('left')
  t.strictSame([...outcomes], ['right'])
})

t.test('one that has left before its turn is never asked, and its place goes on', async (t) => {
  const postgres = await openPool()
  const leaving = new AbortController()
  const failure = (call: Promise<unknown>) => call.catch((error: unknown) => error)
  const slow = [1, 2].map(() => failure(postgres.text('select pg_sleep(60)', [], leaving.signal)))
  const waiting = failure(postgres.text('select 1', [], leaving.signal))
  const patient = postgres.text<{ one: number }>('select 1 as one')
  const observer = await openPool()
  await eventually(t, async () => {
    const active = await observer.text<{ count: number }>(
      `select count(*)::int from pg_stat_activity where query like 'select pg_sleep(60)%' and state = 'active'`,
    )
    return active[0]?.count === 2
  })
  leaving.abort(new Error('left'))
  t.match(await Promise.all(slow), [{ code: 'deadline_exceeded' }, { code: 'deadline_exceeded' }])
  t.match(await waiting, { message: 'left' })
  t.match(await patient, [{ one: 1 }])
})
