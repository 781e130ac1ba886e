/**
 * What the gateway and the balancer did lately, from what nginx counts of itself. One replica asks for all of them and tells
 * it with its beat: each asking would be counted by nginx as a request of a client, and only who asked knows how often.
 */

import type { TierLoad } from '#kernel/replicas.ts'
import type { NginxReading, NginxStatus } from './nginx-status.ts'

export interface EdgeLoadDeps {
  readonly status: NginxStatus | undefined
  /** Whether it is for this replica to ask. */
  readonly isTeller: () => boolean
}

export interface EdgeLoad {
  /** Asks, where it is for this replica to do. */
  beat(): Promise<void>
  /** By tier; empty where another replica tells, or nothing was heard yet. */
  tiers(): readonly TierLoad[]
}

/** Two seconds at two beats a second, as for the replicas (`kernel/load-meter.ts`). */
const windowBeats = 4

export function edgeLoad({ status, isTeller }: EdgeLoadDeps): EdgeLoad {
  let readings: readonly NginxReading[] = []
  return {
    beat: async () => {
      if (status === undefined) return
      if (!isTeller()) {
        readings = []
        return
      }
      const reading = await status()
      // Asked a moment ago for a scrape, or slower than a beat: it is in the window already.
      if (reading.at <= (readings.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) return
      readings = [...readings.slice(-windowBeats), reading]
    },
    tiers: () => (readings.at(-1)?.tiers ?? []).map(({ tier }) => tierLoad(tier, readings)),
  }
}

function tierLoad(tier: string, readings: readonly NginxReading[]): TierLoad {
  const heard = readings.map(({ at, asks, tiers }) => {
    const figures = tiers.find((status) => status.tier === tier)?.figures
    return figures && { at, asks, ...figures, dropped: figures.accepted - figures.handled }
  })
  const last = heard.at(-1)
  if (last === undefined)
    return { tier, isUp: false, requestsPerSecond: 0, connections: 0, droppedPerSecond: 0 }
  const known = heard.filter((each) => each !== undefined)
  // One that started again counts from 0: what it did before is in no rate.
  const first = known[known.findLastIndex(({ requests }) => requests > last.requests) + 1] ?? last
  const seconds = (last.at - first.at) / 1_000
  const rate = (count: number): number =>
    seconds > 0 ? Math.max(0, Math.round((count * 100) / seconds) / 100) : 0
  return {
    tier,
    isUp: true,
    requestsPerSecond: rate(last.requests - first.requests - (last.asks - first.asks)),
    // That of the asking is one of them.
    connections: Math.max(0, last.active - 1),
    droppedPerSecond: rate(last.dropped - first.dropped),
  }
}
