/** How costs grow: with connections, replicas, rows and principals. These rows have no goal; they show the slope. */

import { makePrincipals } from './accounts.ts'
import { againstFloor, get, user, volume } from './against-floor.ts'
import { compare } from './compare.ts'
import type { Row } from './row.ts'
import { raised } from './stacks.ts'

const connections = (count: number): Row => ({
  name: `connections_${count}`,
  work: `cached GET over ${count} connections, against F3 over as many`,
  goal: undefined,
  measure: (context) => againstFloor(context, get(user), { connections: count }),
})

const replicas = (count: number): Row => ({
  name: `replicas_${count}`,
  work: `cached GET with ${count} of 3 replicas, against F3 with as many`,
  goal: undefined,
  measure: ({ stacks, rounds, progress, ...context }) =>
    stacks.alone({ name: `${count} replicas`, env: raised, replicas: count }, async ({ target }) => {
      const subject = {
        target,
        request: get(user),
        ...volume({ stacks, rounds, progress, ...context }, 20_000),
      }
      return compare(subject, { ...subject, target: await stacks.floorOf(count) }, rounds, progress)
    }),
})

let asked = 0

// Ids from the far end of the table, so that nothing a row before has read is met again. Of ten rows all are cached at once.
const tableOf = (count: number): Row => ({
  name: `rows_${count}`,
  work: `GET of one that no cache holds, of ${count.toLocaleString('en')}, against F3`,
  goal: undefined,
  async measure(context) {
    await (await context.stacks.data()).growTo(count)
    asked = 0
    const nextPath = () => `/api/v1/resources/${count - asked++}`
    return againstFloor(context, { ...get('/api/v1/resources/1'), nextPath }, { amount: 4_000 })
  },
})

let keys: Promise<readonly string[]> | undefined

const principals = (count: number, most: number): Row => ({
  name: `principals_${count}`,
  work: `cached GET by ${count.toLocaleString('en')} principals at random, against F3`,
  goal: undefined,
  async measure(context) {
    const { session } = await context.stacks.data()
    keys ??= makePrincipals(session, most)
    const some = (await keys).slice(0, count)
    const nextHeaders = () => ({ authorization: `Bearer ${some[Math.floor(Math.random() * count)]}` })
    return againstFloor(
      context,
      { ...get('/api/v1/resources/1', nextHeaders()), nextHeaders },
      { amount: 10_000 },
    )
  },
})

export const growthRows: readonly Row[] = [
  connections(256),
  connections(1_024),
  replicas(1),
  replicas(2),
  tableOf(300_000),
  tableOf(1_000_000),
  principals(1, 100_000),
  principals(1_000, 100_000),
  principals(100_000, 100_000),
]
