/** Rate, errors and duration of requests, by route and tier, and what changed hands: all from the kernel's counts. */

import { tiers } from '#kernel/principal.ts'
import { type RequestCounts, statusClasses } from '#kernel/request-counts.ts'
import {
  counterBy,
  counterOf,
  type Exemplar,
  gauge,
  histogramSamples,
  type Metric,
  type Sample,
} from './metric.ts'

export interface RequestMetricsOptions {
  readonly requests: RequestCounts
  /** Refusals by their problem code. */
  readonly refusals: () => Readonly<Record<string, number>>
  /** A request worth looking at of one route and bucket. */
  readonly exemplarOf?: ((route: number, bucket: number) => Exemplar | undefined) | undefined
}

export function requestMetrics({ requests, refusals, exemplarOf }: RequestMetricsOptions): Metric[] {
  return [
    counterOf('http_requests_total', 'Requests answered', () =>
      requests.routes.flatMap(({ method, route, requests: counts }) =>
        tiers.flatMap((tier, index) => totals(counts, index, { method, route, tier })),
      ),
    ),
    {
      name: 'http_request_duration_seconds',
      type: 'histogram',
      aggregator: 'sum',
      help: 'Time from the first byte in to the last byte out',
      read: () =>
        requests.routes.flatMap(({ method, route, requests: counts, durations, durationSumMs }, index) =>
          counts.every((count) => count === 0)
            ? []
            : histogramSamples(
                'http_request_duration_seconds',
                { method, route },
                durations,
                durationSumMs,
                exemplarOf && ((bucket) => exemplarOf(index, bucket)),
              ),
        ),
    },
    gauge('http_requests_in_flight', 'Requests being answered', requests.inFlight),
    counterBy('sluice_refusals_total', 'Refusals by the code of their problem', 'code', refusals),
    counterBy('sluice_writes_total', 'Writes that were carried out', 'resource', () => writes(requests)),
  ]
}

/** From the first request on all that matter are there: a rate sees no step in a series that begins with its first error. */
const shownAtZero = new Set<string>(['2xx', '4xx', '5xx'])

function totals(
  counts: Float64Array,
  tier: number,
  labels: { method: string; route: string; tier: string },
): Sample[] {
  const own = counts.subarray(tier * statusClasses.length, (tier + 1) * statusClasses.length)
  if (own.every((count) => count === 0)) return []
  return statusClasses.flatMap((status, index) => {
    const value = own[index] ?? 0
    return value > 0 || shownAtZero.has(status) ? [{ value, labels: { ...labels, status } }] : []
  })
}

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const succeeded = statusClasses.indexOf('2xx')

function writes({ routes }: RequestCounts): Record<string, number> {
  const byResource: Record<string, number> = {}
  for (const { method, route, requests } of routes) {
    const resource = /^\/api\/v1\/([a-z-]+)/.exec(route)?.[1]
    if (resource === undefined || !changing.has(method)) continue
    const done = tiers.reduce(
      (sum, _, tier) => sum + (requests[tier * statusClasses.length + succeeded] ?? 0),
      0,
    )
    byResource[resource] = (byResource[resource] ?? 0) + done
  }
  return byResource
}
