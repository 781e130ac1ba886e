/** The rows that have a goal (docs/performance.md). */

import { demoUser, enterpriseKey, makePrincipals, signIn } from './accounts.ts'
import { againstFloor, get, user, volume } from './against-floor.ts'
import { compare, type Target } from './compare.ts'
import { residentBytes } from './cpu.ts'
import { cursorAfter } from './data.ts'
import { load, type Request } from './load.ts'
import { redisCalls } from './redis-calls.ts'
import type { Context, Figures, Row } from './row.ts'
import { underSignIns } from './sign-in-flood.ts'
import { raised } from './stacks.ts'

// Each takes tokens of its address, and while it is undecided it counts as a failure.
const signInsAtWill = { ...raised, RATE_LIMIT_ANONYMOUS: '1000000', LOGIN_FAILURES_PER_ACCOUNT: '1000000' }

/** Enough for the warm-up and every round to ask for what nobody asked for before. */
const tableRows = 300_000

/** Numbers from `first`, each given out once. */
function counter(first: number): () => number {
  let next = first
  return () => next++
}

const nextResource = counter(1)
const nextPage = counter(1)

export const goalRows: readonly Row[] = [
  {
    name: 'cached_get',
    work: 'authenticated cached GET of one, against F3',
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
      const { headers } = await fetch(`${target.url}${user}`, { headers: enterpriseKey })
      const known = { ...enterpriseKey, 'if-none-match': headers.get('etag') ?? '' }
      return againstFloor(context, { path: user, headers: known, expect: 304 })
    },
  },
  {
    name: 'uncached_get',
    work: 'GET of one that no cache holds, against F3',
    goal: 2,
    async measure(context) {
      await (await context.stacks.data()).growTo(tableRows)
      const nextPath = () => `/api/v1/resources/${nextResource()}`
      return againstFloor(context, { ...get('/api/v1/resources/1'), nextPath }, { amount: 8_000 })
    },
  },
  {
    name: 'list_100',
    work: 'list of 100 that no cache holds, against F3',
    goal: 5,
    async measure(context) {
      await (await context.stacks.data()).growTo(tableRows)
      const nextPath = () => `/api/v1/resources?limit=100&cursor=${cursorAfter(nextPage())}`
      return againstFloor(context, { ...get('/api/v1/resources?limit=100'), nextPath }, { amount: 3_000 })
    },
  },
  {
    name: 'create',
    work: 'POST with durable commit, against F3',
    goal: 3,
    async measure(context) {
      const body = JSON.stringify({ name: 'Report', type: 'document', description: 'A report.' })
      const headers = { ...enterpriseKey, 'content-type': 'application/json' }
      const request = { path: '/api/v1/resources', method: 'POST', headers, body, expect: 201 } as const
      return againstFloor(context, request, { amount: 4_000 })
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
  {
    name: 'redis_calls',
    work: 'Redis calls per request beyond those of an idle fleet, one enterprise principal at 500/s, limits as shipped',
    goal: 0.005,
    measure: (context) =>
      context.stacks.alone({ name: 'as shipped', env: {} }, async ({ target, redisSocket }) => {
        const request = get(user)
        const steady = { ...volume(context, 5_000), perSecond: 500 }
        await load(target.url, request, { ...steady, amount: 1_000 })
        const calls = await redisCalls(redisSocket, steady.amount, () => load(target.url, request, steady))
        const excess = await boundExcess(target.url)
        const idle = calls.idlePerSecond
        const note = `bound excess ${excess}; the ${idle.toFixed(0)} calls a second of an idle fleet are taken off, with them it is ${calls.perRequestInAll.toFixed(3)} a request`
        return {
          ratio: calls.perRequest + excess,
          redisCallsPerRequest: calls.perRequest,
          idleCallsPerSecond: idle,
          note,
        }
      }),
  },
  {
    name: 'telemetry',
    work: 'cached GET with log lines, sampled traces and metrics scraped, against LOG_LEVEL=silent, TRACE=false, never scraped',
    goal: 1.1,
    measure: (context) =>
      context.stacks.pair(
        { name: 'telling', env: raised },
        { name: 'quiet', env: { ...raised, LOG_LEVEL: 'silent', TRACE: 'false' } },
        ({ target, stack }, quiet) => {
          const scraping = setInterval(() => fetch(`${stack.gateway}/metrics`).catch(() => undefined), 5_000)
          return cachedGets(context, target, quiet.target).finally(() => clearInterval(scraping))
        },
      ),
  },
  {
    name: 'tracing',
    work: 'cached GET with traces, 1 % sampled, against TRACE=false',
    goal: 1.1,
    measure: (context) =>
      context.stacks.pair(
        { name: 'traced', env: raised },
        { name: 'untraced', env: { ...raised, TRACE: 'false' } },
        ({ target }, untraced) => cachedGets(context, target, untraced.target),
      ),
  },
  {
    name: 'memory',
    work: 'resident memory of a replica, the mean of three, end / start of a soak after warm-up: 1,000 users on five routes',
    goal: 1.05,
    async measure(context) {
      const { target, stack } = await context.stacks.ours()
      const { session } = await context.stacks.data()
      await (await context.stacks.data()).growTo(soakedRows)
      const request = manyAsking(await makePrincipals(session, 1_000, 500_000))
      const pids = await Promise.all(Object.keys(stack.replicas).map((name) => stack.pid(name)))
      const resident = () => pids.reduce((sum, pid) => sum + residentBytes(pid), 0)
      const soak = (amount: number) => load(target.url, request, volume(context, amount))
      await soak(200_000)
      const before = resident()
      await soak(200_000)
      const after = resident()
      const megabytes = after / pids.length / 2 ** 20
      return { ratio: after / before, note: `${megabytes.toFixed(0)} MB at the end` }
    },
  },
  {
    name: 'sign_in',
    work: 'sign-in with a right password (argon2id, 19 MiB, 2 passes), against F3',
    goal: undefined,
    async measure(context) {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify(demoUser)
      const request = { path: '/api/v1/auth/login', method: 'POST', headers, body, expect: 200 } as const
      const { stacks, rounds, progress } = context
      const reference = { target: await stacks.floor(), request: get(user), ...volume(context, 20_000) }
      return stacks.alone({ name: 'sign-in', env: signInsAtWill }, ({ target }) =>
        compare({ target, request, ...volume(context, 128, 16) }, reference, rounds, progress),
      )
    },
  },
  {
    name: 'sign_in_flood',
    work: 'p99 of cached GETs, 100 a second, under a flood of sign-ins with a wrong password (300 a second offered over 256 connections), against without',
    goal: undefined,
    measure: (context) =>
      context.stacks.alone({ name: 'sign-in flood', env: signInsAtWill }, ({ target }) =>
        underSignIns(target, context),
      ),
  },
  {
    name: 'rate_limited',
    work: '429 to an anonymous address whose quota is spent, against F3',
    goal: undefined,
    measure: (context) => againstFloor(context, { path: '/api/v1/status', expect: 429, orElse: 200 }),
  },
]

/** The same cached GET of both. */
function cachedGets(context: Context, subject: Target, reference: Target): Promise<Figures> {
  const asked = { request: get(user), ...volume(context, 20_000) }
  const { rounds, progress } = context
  return compare({ target: subject, ...asked }, { target: reference, ...asked }, rounds, progress)
}

/** Few enough for the warm-up to meet each of them: what is cached for the first time is no leak. */
const soakedRows = 2_000

/** Each request by another of these keys: one of something, a page of many, one's own account. */
function manyAsking(keys: readonly string[]): Request {
  const next = counter(0)
  const paths: readonly ((nth: number) => string)[] = [
    (nth) => `/api/v1/resources/${1 + (nth % soakedRows)}`,
    (nth) => `/api/v1/resources?limit=20&cursor=${cursorAfter(1 + (nth % 100))}`,
    () => '/api/v1/me',
    (nth) => `/api/v1/items/${1 + (nth % 5)}`,
    () => '/api/v1/items?limit=20',
  ]
  const pathOf = (nth: number): string => paths[nth % paths.length]?.(Math.floor(nth / paths.length)) ?? user
  let asked = 0
  const nextHeaders = () => ({ authorization: `Bearer ${keys[asked++ % keys.length]}` })
  return { ...get(user, nextHeaders()), nextPath: () => pathOf(next()), nextHeaders }
}

/** Requests admitted beyond `capacity + rate × t` while somebody unknown asks for far more. */
async function boundExcess(url: string): Promise<number> {
  const [capacity, perSecond] = [100, 100 / 60]
  const request = { path: '/api/v1/status', expect: 429, orElse: 200 }
  const { others, seconds } = await load(url, request, { amount: 5_000, connections: 64 })
  return Math.max(0, Math.ceil(others - capacity - perSecond * seconds))
}
