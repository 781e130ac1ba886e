/** Every row of the benchmark: the goals first, then how costs grow. */

import { signIn } from './accounts.ts'
import { compare, type Side } from './compare.ts'
import { cursorAfter } from './data.ts'
import { load, type Request } from './load.ts'
import { redisCalls } from './redis-calls.ts'
import type { Context, Figures, Row } from './row.ts'

const key = { authorization: 'Bearer dummy-token' }
const user = '/api/v1/users/1'
const get = (path: string, headers: Record<string, string> = key): Request => ({ path, headers, expect: 200 })

/** The usual volume: 64 kept connections. */
const volume = ({ scale }: Context, amount: number, connections = 64) => ({
  amount: Math.max(connections, Math.round(amount * scale)),
  connections,
})

/** Ours on `request` against the floor's static answer. */
async function againstFloor(
  context: Context,
  request: Request,
  { amount = 20_000, floorAmount = 20_000, connections = 64 } = {},
): Promise<Figures> {
  const { stacks, rounds, progress } = context
  const { target, redisSocket } = await stacks.ours()
  const reference: Side = {
    target: await stacks.floor(),
    request: get(user),
    ...volume(context, floorAmount, connections),
  }
  const subject: Side = { target, request, ...volume(context, amount, connections) }
  const figures = await compare(subject, reference, rounds, progress)
  const counted = volume(context, amount / 4)
  const calls = await redisCalls(redisSocket, counted.amount, () => load(target.url, request, counted))
  return { ...figures, redisCallsPerRequest: calls.perRequest }
}

/** Numbers from `first`, each given out once. */
function counter(first: number): () => number {
  let next = first
  return () => next++
}

const resourceIds = counter(1)
const pageEnds = counter(1)

export const rows: readonly Row[] = [
  {
    name: 'cached_get',
    work: 'authenticated cached GET of one resource, against F3',
    goal: 1.15,
    measure: (context) => againstFloor(context, get(user)),
  },
  {
    name: 'cached_get_tcp',
    work: 'the same over TCP between the tiers, against F3 over TCP',
    goal: 1.15,
    async measure(context) {
      const { stacks, rounds, progress } = context
      const subject = { target: await stacks.oursTcp(), request: get(user), ...volume(context, 20_000) }
      const reference = { ...subject, target: await stacks.floorTcp() }
      return compare(subject, reference, rounds, progress)
    },
  },
  {
    name: 'not_modified',
    work: '304 by If-None-Match, against F3',
    goal: 1.05,
    async measure(context) {
      const { target } = await context.stacks.ours()
      const etag = (await fetch(`${target.url}${user}`, { headers: key })).headers.get('etag') ?? ''
      return againstFloor(context, { path: user, headers: { ...key, 'if-none-match': etag }, expect: 304 })
    },
  },
  {
    name: 'uncached_get',
    work: 'GET of one that no cache holds, from Postgres, against F3',
    goal: 2,
    async measure(context) {
      await (await context.stacks.data()).growTo(100_000)
      const nextPath = () => `/api/v1/resources/${resourceIds()}`
      return againstFloor(context, { ...get('/api/v1/resources/1'), nextPath }, { amount: 8_000 })
    },
  },
  {
    name: 'list_100',
    work: 'list of 100 that no cache holds, against F3',
    goal: 5,
    async measure(context) {
      await (await context.stacks.data()).growTo(100_000)
      const nextPath = () => `/api/v1/resources?limit=100&cursor=${cursorAfter(pageEnds())}`
      return againstFloor(context, { ...get('/api/v1/resources?limit=100'), nextPath }, { amount: 3_000 })
    },
  },
  {
    name: 'create',
    work: 'POST with durable commit, against F3',
    goal: 3,
    async measure(context) {
      await (await context.stacks.data()).growTo(100_000)
      const body = JSON.stringify({ name: 'Report', type: 'document', description: 'A report.' })
      const headers = { ...key, 'content-type': 'application/json' }
      return againstFloor(
        context,
        { path: '/api/v1/resources', method: 'POST', headers, body, expect: 201 },
        { amount: 4_000 },
      )
    },
  },
  {
    name: 'vs_ordinary',
    work: 'cached GET with an access token, against the ordinary build, both over TCP',
    goal: 0.167,
    async measure(context) {
      const { stacks, rounds, progress } = context
      const authorization = `Bearer ${await signIn((await stacks.ours()).target.url)}`
      const request = get('/api/v1/users/2', { authorization })
      const subject = { target: await stacks.oursTcp(), request, ...volume(context, 20_000) }
      const reference = { target: await stacks.ordinary(), request, ...volume(context, 8_000) }
      return compare(subject, reference, rounds, progress)
    },
  },
]
