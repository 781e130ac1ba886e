/** How costs grow: with connections, replicas, rows and principals. These rows have no goal; they show the slope. */

import { makePrincipals } from './accounts.ts'
import { againstFloor, get, user, volume } from './against-floor.ts'
import { compare } from './compare.ts'
import { cursorAfter, openData } from './data.ts'
import { load } from './load.ts'
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

/** A place in a table that nobody asked for before: by the golden ratio, the next always falls into the widest gap. */
const place = (nth: number, rows: number): number => ((nth * 0.618033988749895) % 1) * (rows - 1)

// One by its id can't be measured: of ten rows all are cached after ten requests. Between two rows a cursor has as many
// addresses as there are milliseconds, each of them a page of one that is read from Postgres, whatever the number of rows.
const tableOf = (count: number): Row => ({
  name: `rows_${count}`,
  work: `page of one from a place nobody asked for before, of ${count.toLocaleString('en')} rows, against F3`,
  goal: undefined,
  measure: (context) =>
    context.stacks.alone({ name: `${count} rows`, env: raised }, async (ours) => {
      const data = openData(ours.stack.layout)
      await data.holdExactly(count).finally(() => data.close())
      let asked = 0
      const nextPath = () => `/api/v1/resources?limit=1&cursor=${cursorAfter(1 + place(asked++, count))}`
      return againstFloor(context, { ...get('/api/v1/resources?limit=1'), nextPath }, { amount: 4_000, ours })
    }),
})

/** Most of them are held then, by each replica: beside them a hot key has to stay cheap. The last row, as they stay. */
const held = (count: number): Row => ({
  name: `held_${count}`,
  work: `cached GET of one after ${count.toLocaleString('en')} others were read four times, against F3`,
  goal: undefined,
  async measure(context) {
    await (await context.stacks.data()).growTo(count)
    const { target } = await context.stacks.ours()
    let asked = 0
    const nextPath = () => `/api/v1/resources/${1 + (asked++ % count)}`
    await load(target.url, { ...get('/api/v1/resources/1'), nextPath }, volume(context, count * 4))
    return againstFloor(context, get(user))
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
  tableOf(10),
  tableOf(10_000),
  tableOf(1_000_000),
  principals(1, 100_000),
  principals(1_000, 100_000),
  principals(100_000, 100_000),
  held(20_000),
]
