/** What happened to requests, by route, tier and status. */

import t from 'tap'
import { tiers } from '#kernel/principal.ts'
import { requestCounts, statusClasses } from '#kernel/request-counts.ts'

t.test('counts each answer once, in its route, tier and class', async (t) => {
  const counts = requestCounts()
  const [items, users] = [counts.addRoute('/items'), counts.addRoute('/users')]
  counts.started()
  counts.started()
  counts.started()
  t.equal(counts.inFlight(), 3)
  counts.finished(items, tiers.indexOf('pro'), 201, 4)
  counts.finished(items, tiers.indexOf('pro'), 503, 4)
  counts.finished(users, tiers.indexOf('anonymous'), 304, 20)
  t.equal(counts.inFlight(), 0)
  const of = (route: number, tier: (typeof tiers)[number], status: (typeof statusClasses)[number]) =>
    counts.routes[route]?.requests[tiers.indexOf(tier) * statusClasses.length + statusClasses.indexOf(status)]
  t.equal(of(items, 'pro', '2xx'), 1)
  t.equal(of(items, 'pro', '5xx'), 1)
  t.equal(of(users, 'anonymous', '3xx'), 1)
  const total = counts.routes.flatMap(({ requests }) => [...requests]).reduce((sum, count) => sum + count, 0)
  t.equal(total, 3)
  t.equal(counts.routes[items]?.durationSumMs, 8)
  t.equal(
    counts.routes[items]?.durations.reduce((sum, count) => sum + count, 0),
    2,
  )
})

t.test('an answer of no known route still ends its request', async (t) => {
  const counts = requestCounts()
  counts.started()
  counts.finished(99, 0, 200, 1)
  t.equal(counts.inFlight(), 0)
})
