/** What nginx says of itself (stub_status): connections and requests of the gateway and of the balancer, also as metrics. */

import { get } from 'node:http'
import type { Metric, Sample } from './metric.ts'

export interface NginxTier {
  readonly tier: string
  /** `unix:/path/to.sock` or `host:port`. */
  readonly address: string
}

/** What one tier said. */
export interface Status {
  readonly tier: string
  /** Undefined where it did not answer. */
  readonly figures: StubStatus | undefined
}

const timeoutMs = 500
/** The five metrics of one scrape are read from one answer. */
const keptMs = 250

/** What all tiers said at one moment. */
export interface NginxReading {
  /** Monotonic milliseconds. */
  readonly at: number
  /** How often this process has asked so far, this time too: nginx counts that among its requests. */
  readonly asks: number
  readonly tiers: readonly Status[]
}

export type NginxStatus = () => Promise<NginxReading>

export interface StubStatus {
  readonly active: number
  readonly accepted: number
  readonly handled: number
  readonly requests: number
  readonly reading: number
  readonly writing: number
  readonly waiting: number
}

/** `now`: monotonic milliseconds. Undefined where no tier is known. */
export function nginxStatus(tiers: readonly NginxTier[], now: () => number): NginxStatus | undefined {
  if (tiers.length === 0) return undefined
  let latest: Promise<NginxReading> | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let asks = 0
  const read = async (at: number, asks: number): Promise<NginxReading> => ({
    at,
    asks,
    tiers: await Promise.all(
      tiers.map(async ({ tier, address }) => ({
        tier,
        figures: await ask(address).catch(() => undefined),
      })),
    ),
  })
  return () => {
    if (latest === undefined || now() - askedAt > keptMs) {
      askedAt = now()
      asks += 1
      latest = read(askedAt, asks)
    }
    return latest
  }
}

/** No metric at all where no tier is known. */
export function nginxMetrics(status: NginxStatus | undefined): Metric[] {
  if (status === undefined) return []
  const metric = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    samples: (status: Status) => readonly Sample[],
  ): Metric => ({
    name,
    type,
    help,
    // Each replica tells the same of the same two servers.
    aggregator: 'max',
    read: async () => (await status()).tiers.flatMap(samples),
  })
  const figure = (name: 'accepted' | 'handled' | 'requests') => (status: Status) =>
    status.figures === undefined ? [] : [{ value: status.figures[name], labels: { tier: status.tier } }]

  return [
    metric('nginx_up', 'gauge', 'Whether nginx told its status', ({ tier, figures }) => [
      { value: figures === undefined ? 0 : 1, labels: { tier } },
    ]),
    metric('nginx_connections', 'gauge', 'Connections, all and by what they do', ({ tier, figures }) =>
      (['active', 'reading', 'writing', 'waiting'] as const).flatMap((state) =>
        figures === undefined ? [] : [{ value: figures[state], labels: { tier, state } }],
      ),
    ),
    metric('nginx_connections_accepted_total', 'counter', 'Connections accepted', figure('accepted')),
    metric('nginx_connections_handled_total', 'counter', 'Connections served', figure('handled')),
    metric('nginx_requests_total', 'counter', 'Requests read', figure('requests')),
  ]
}

/** `gateway=unix:/run/status.sock, balancer=10.0.0.2:8081` */
export const nginxTiersOf = (entries: readonly string[]): NginxTier[] =>
  entries.map((entry) => {
    const at = entry.indexOf('=')
    return { tier: entry.slice(0, at), address: entry.slice(at + 1) }
  })

function ask(address: string): Promise<StubStatus> {
  const { hostname: host, port } = new URL(
    address.startsWith('unix:') ? 'http://localhost' : `http://${address}`,
  )
  const where = address.startsWith('unix:') ? { socketPath: address.slice('unix:'.length) } : { host, port }
  return new Promise((resolve, reject) => {
    const request = get({ ...where, timeout: timeoutMs, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const status = stubStatusOf(text)
        if (status) resolve(status)
        else reject(new Error('no stub_status'))
      })
      response.on('error', reject)
    })
    request.on('timeout', () => request.destroy(new Error('nginx told no status in time')))
    request.on('error', reject)
  })
}

/** Undefined for what stub_status does not write. */
export function stubStatusOf(text: string): StubStatus | undefined {
  const numbers = text.match(/\d+/g)?.map(Number)
  if (!text.startsWith('Active connections:') || numbers?.length !== 7) return undefined
  const [active, accepted, handled, requests, reading, writing, waiting] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return { active, accepted, handled, requests, reading, writing, waiting }
}
