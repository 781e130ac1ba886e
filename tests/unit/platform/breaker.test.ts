/** The breaker, and the database behind two of them: what opens one, what never does, and how it closes. */

import t, { type Test } from 'tap'
import type { Database, Session } from '#kernel/database.ts'
import { AppError, unavailable } from '#kernel/errors.ts'
import { type Breaker, openBreaker } from '#platform/breaker.ts'
import { guardedDatabase } from '#platform/guarded-database.ts'
import { ConstraintError } from '#platform/postgres-errors.ts'
import { eventually } from '#tests/support/eventually.ts'

const options = {
  subject: 'The database',
  failureThreshold: 50,
  resetTimeoutMs: 2_000,
  callTimeoutMs: 60_000,
}
const failing = async (): Promise<never> => {
  throw unavailable('The database', 1)
}
const isOpen = (breaker: Breaker): boolean => breaker.report().state === 'open'

async function opened(t: Test, more: Partial<typeof options> = {}): Promise<Breaker> {
  const breaker = openBreaker('test', { ...options, ...more })
  for (let each = 0; each < 5; each++) await t.rejects(breaker.run(failing))
  t.equal(breaker.report().state, 'open')
  return breaker
}

t.test('lets results and errors through as they are, and counts them', async (t) => {
  const breaker = openBreaker('test', options)
  t.equal(await breaker.run(async () => 7), 7)
  const error = new Error('inner')
  await t.rejects(
    breaker.run(async () => {
      throw error
    }),
    error,
  )
  t.match(breaker.report(), { name: 'test', state: 'closed', successes: 1, failures: 1, timeouts: 0 })
})

t.test('open, it refuses at once, calls nobody, and says when to come back', async (t) => {
  const breaker = await opened(t)
  let isCalled = false
  const call = breaker.run(async () => {
    isCalled = true
  })
  await t.rejects(call, {
    code: 'dependency_unavailable',
    retryAfterSeconds: 2,
    message: 'The database is not available at the moment.',
  })
  t.notOk(isCalled)
  t.equal(breaker.report().rejections, 1)
})

t.test('a few failures among many successes leave it closed', async (t) => {
  const breaker = openBreaker('test', options)
  for (let each = 0; each < 20; each++) await breaker.run(async () => each)
  for (let each = 0; each < 5; each++) await t.rejects(breaker.run(failing))
  t.equal(breaker.report().state, 'closed')
})

t.test('refusals say nothing about the dependency: they never open it', async (t) => {
  const breaker = openBreaker('test', options)
  for (const code of ['not_found', 'conflict', 'validation_failed', 'precondition_failed'] as const) {
    for (let each = 0; each < 10; each++) {
      await t.rejects(
        breaker.run(async () => {
          throw new AppError(code)
        }),
        { code },
      )
    }
  }
  t.equal(breaker.report().state, 'closed')
})

t.test('a call that takes too long has failed, as an outage', async (t) => {
  const breaker = openBreaker('test', { ...options, callTimeoutMs: 5 })
  await t.rejects(
    breaker.run(() => new Promise(() => {})),
    { code: 'dependency_unavailable' },
  )
  t.equal(breaker.report().timeouts, 1)
})

t.test('after its pause one call is tried: its success closes it, its failure opens it again', async (t) => {
  const breaker = await opened(t, { resetTimeoutMs: 5 })
  await eventually(t, () => breaker.report().state === 'half-open')
  await t.rejects(breaker.run(failing))
  t.ok(['open', 'half-open'].includes(breaker.report().state))
  await eventually(t, () => breaker.report().state === 'half-open')
  t.equal(await breaker.run(async () => 1), 1)
  t.equal(breaker.report().state, 'closed')
})

t.test('a database behind two breakers', async (t) => {
  const setUp = () => {
    const state: { error: unknown } = { error: undefined }
    const answer = async () => {
      if (state.error !== undefined) throw state.error
      return []
    }
    const session: Session = { run: answer, text: answer }
    const database: Database = {
      ...session,
      autocommit: session,
      transaction: async (work) => {
        if (state.error !== undefined) throw state.error
        return work(session)
      },
    }
    const [reads, writes] = [openBreaker('reads', options), openBreaker('writes', options)]
    return { state, reads, writes, guarded: guardedDatabase(database, reads, writes) }
  }
  const statement = { text: 'select 1', bind: () => [] }

  await t.test('refusals inside of a transaction reach the caller and never open it', async (t) => {
    const { guarded, writes, state } = setUp()
    const refusals = [
      new AppError('not_found'),
      new AppError('deadline_exceeded'),
      new ConstraintError('unique', 'users_email_key', undefined),
    ]
    for (const refusal of refusals) {
      for (let each = 0; each < 10; each++) {
        const refused = guarded.transaction(async () => {
          throw refusal
        })
        await t.rejects(refused, refusal)
      }
    }
    state.error = refusals[2]
    for (let each = 0; each < 10; each++) await t.rejects(guarded.autocommit.run(statement, {}))
    t.notOk(isOpen(writes))
    state.error = undefined
    t.equal(await guarded.transaction(async () => 7), 7)
  })

  await t.test('an outage of writes leaves reads alone, and the other way round', async (t) => {
    const { guarded, reads, writes, state } = setUp()
    state.error = unavailable('The database', 1)
    for (let each = 0; each < 5; each++) await t.rejects(guarded.transaction(async () => {}))
    t.strictSame([isOpen(reads), isOpen(writes)], [false, true])
    state.error = undefined
    t.strictSame(await guarded.run(statement, {}), [])
    await t.rejects(guarded.autocommit.text('insert'), { code: 'dependency_unavailable' })

    const other = setUp()
    other.state.error = unavailable('The database', 1)
    for (let each = 0; each < 5; each++) await t.rejects(other.guarded.text('select 1'))
    t.strictSame([isOpen(other.reads), isOpen(other.writes)], [true, false])
    other.state.error = undefined
    t.strictSame(await other.guarded.autocommit.text('insert'), [])
  })
})
