/** What readiness tells of Postgres and Redis: as of the last look, without asking. */

import t from 'tap'
import { watchedDependencies } from '#platform/dependencies.ts'
import { eventually } from '#tests/support/eventually.ts'

t.test(
  'nothing is up before it has answered; each is told for itself; it changes with the next look',
  async (t) => {
    let isUp = true
    const dependencies = watchedDependencies(
      {
        postgres: async () => {
          if (!isUp) throw new Error('away')
        },
        redis: async () => {
          throw new Error('away')
        },
      },
      { everyMs: 5, timeoutMs: 1_000 },
    )
    t.teardown(() => dependencies.stop())
    t.strictSame(dependencies.states(), { postgres: 'down', redis: 'down' })
    dependencies.start()
    await eventually(t, () => dependencies.states().postgres === 'up')
    t.equal(dependencies.states().redis, 'down')
    isUp = false
    await eventually(t, () => dependencies.states().postgres === 'down')
    isUp = true
    await eventually(t, () => dependencies.states().postgres === 'up')
  },
)

t.test(
  'one that does not answer is down, is not asked again meanwhile, and is up when it answers',
  async (t) => {
    let asked = 0
    let answer = Promise.withResolvers<void>()
    const dependencies = watchedDependencies(
      {
        frozen: () => {
          asked++
          return asked === 1 ? Promise.resolve() : answer.promise
        },
        other: async () => {},
      },
      { everyMs: 2, timeoutMs: 10 },
    )
    t.teardown(() => dependencies.stop())
    dependencies.start()
    await eventually(t, () => dependencies.states().frozen === 'up')
    await eventually(t, () => dependencies.states().frozen === 'down')
    t.equal(asked, 2)
    t.equal(dependencies.states().other, 'up')
    const { resolve } = answer
    answer = Promise.withResolvers()
    resolve()
    await eventually(t, () => asked === 3)
  },
)

t.test('stopped, it asks no more', async (t) => {
  let asked = 0
  const dependencies = watchedDependencies(
    {
      one: async () => {
        asked++
      },
    },
    { everyMs: 1 },
  )
  dependencies.start()
  await eventually(t, () => asked > 1)
  dependencies.stop()
  const before = asked
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  t.ok(asked - before <= 1)
})
