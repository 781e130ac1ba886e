/**
 * What happened to requests, by route, tier and status class, in typed arrays: prom-client at each request would cost
 * 4 CPU µs, this costs well under one. Read when somebody scrapes (`platform/metrics.ts`) or a heartbeat is due
 * (`load-meter.ts`).
 */

import { bucketOf, latencyBoundsMs } from './histogram.ts'
import { tiers } from './principal.ts'

const bucketCount = latencyBoundsMs.length + 1
const classes = 5

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
}

export function requestCounts(): RequestCounts {
  const routes: RouteCounts[] = []
  let running = 0

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
      if (!counts) return
      const bucket = bucketOf(durationMs)
      const slot = tier * classes + Math.floor(status / 100) - 1
      increment(counts.requests, slot)
      increment(counts.durations, bucket)
      counts.durationSumMs += durationMs
    },
    inFlight: () => running,
  }
}

const increment = (counts: Float64Array, index: number): void => {
  counts[index] = (counts[index] as number) + 1
}

export const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
