/**
 * What happened to requests, by route, tier and status class, in typed arrays: prom-client at each request would cost
 * 4 CPU µs, this costs well under one. Read when somebody scrapes (`platform/metrics.ts`) or a heartbeat is due.
 */

import { bucketOf, latencyBoundsMs, quantileOf } from './histogram.ts'
import { tiers } from './principal.ts'

const bucketCount = latencyBoundsMs.length + 1
const classes = 5
/** The load a heartbeat tells of is that of the last full window. */
const windowMs = 5_000

export interface RouteCounts {
  readonly method: string
  readonly route: string
  /** By tier, then status class 1xx to 5xx. */
  readonly requests: Float64Array
  readonly durations: Float64Array
  durationSumMs: number
}

export interface RequestCounts {
  /** Names a route once; the number is what `finished` takes. */
  addRoute(route: string, method?: string): number
  started(): void
  finished(route: number, tier: number, status: number, durationMs: number): void
  readonly routes: readonly RouteCounts[]
  inFlight(): number
  load(): { requestsPerSecond: number; p99Ms: number }
}

/** `now`: monotonic milliseconds. */
export function requestCounts(now: () => number): RequestCounts {
  const routes: RouteCounts[] = []
  let running = 0
  let current = new Float64Array(bucketCount)
  let last = { requestsPerSecond: 0, p99Ms: 0 }
  let windowStart = now()

  const roll = (at: number): void => {
    const elapsedMs = at - windowStart
    if (elapsedMs < windowMs) return
    const total = current.reduce((sum, count) => sum + count, 0)
    last = { requestsPerSecond: (total * 1_000) / elapsedMs, p99Ms: quantileOf(current, 0.99) }
    current = new Float64Array(bucketCount)
    windowStart = at
  }

  return {
    routes,
    addRoute: (route, method = '') =>
      routes.push({
        method,
        route,
        requests: new Float64Array(tiers.length * classes),
        durations: new Float64Array(bucketCount),
        durationSumMs: 0,
      }) - 1,
    started: () => {
      running++
    },
    finished: (route, tier, status, durationMs) => {
      running--
      const counts = routes[route]
      const bucket = bucketOf(durationMs)
      increment(current, bucket)
      if (!counts) return
      const slot = tier * classes + Math.floor(status / 100) - 1
      increment(counts.requests, slot)
      increment(counts.durations, bucket)
      counts.durationSumMs += durationMs
    },
    inFlight: () => running,
    load: () => {
      roll(now())
      return last
    },
  }
}

const increment = (counts: Float64Array, index: number): void => {
  counts[index] = (counts[index] as number) + 1
}

export const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
