/** What a load of this many requests a second is made of, and what came of it; both go over a pipe as JSON. */

/** Requests of one kind of client. */
export interface Stream {
  readonly name: string
  readonly perSecond: number
  /** `{0-99}` becomes a number from 0 to 99, another each time. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

export interface LoadPlan {
  readonly port: number
  readonly seconds: number
  readonly streams: readonly Stream[]
  /** Connections of a stream at most; what finds none free is lost, as it would be with a client that gave up. */
  readonly connections: number
  /** Loopback addresses the clients come from, 127.1.0.1 and on. */
  readonly addresses: number
  /** A client leaves after this time without an answer. */
  readonly patienceMs: number
}

export interface StreamResult {
  readonly name: string
  readonly sent: number
  /** 2xx in time: goodput. */
  readonly good: number
  /** By status; 0 where there was no answer in time, or no connection. */
  readonly statuses: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
}

export const shareOf = ({ good, sent }: StreamResult): number => (sent === 0 ? 0 : good / sent)
