/** What is worked out from pictures, in one place so that no two pages count differently. */

import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import type { Tone } from '#dashboard/components/tone.ts'

type ReplicaState = ReplicaPicture['state']

/** A replica that answers nobody counts for nothing: its last report is not what it does now. */
export const isAlive = ({ state }: ReplicaPicture): boolean => state === 'up' || state === 'draining'

export const stateTone: Readonly<Record<ReplicaState, Tone>> = {
  up: 'good',
  draining: 'warn',
  silent: 'bad',
  down: 'bad',
}

export const stateWord: Readonly<Record<ReplicaState, string>> = {
  up: 'Up',
  draining: 'Draining',
  silent: 'Silent',
  down: 'Down',
}

export const sumOf = (
  picture: SystemPicture | undefined,
  figure: (replica: ReplicaPicture) => number,
): number => (picture?.replicas ?? []).filter(isAlive).reduce((sum, replica) => sum + figure(replica), 0)

export const greatest = (
  picture: SystemPicture | undefined,
  figure: (replica: ReplicaPicture) => number,
): number => Math.max(0, ...(picture?.replicas ?? []).filter(isAlive).map(figure))

export interface StoreFigures {
  /** When any living replica reaches it: one that does not has trouble of its own. */
  readonly isUp: boolean
  readonly callsPerSecond: number
  readonly errorsPerSecond: number
  readonly p99Ms: number
}

/** What all replicas together ask of a store. */
export function storeFigures(picture: SystemPicture, name: 'redis' | 'postgres'): StoreFigures {
  return {
    isUp: picture.replicas.some((replica) => isAlive(replica) && replica[name].isUp),
    callsPerSecond: sumOf(picture, (replica) => callsOf(replica, name)),
    errorsPerSecond: sumOf(picture, (replica) => replica[name].errorsPerSecond),
    p99Ms: greatest(picture, (replica) => replica[name].p99Ms),
  }
}

export type Tier = SystemPicture['edge'][number]

/** What nginx counted of itself; undefined where no replica can ask it. */
export const tierOf = (picture: SystemPicture, name: 'gateway' | 'balancer'): Tier | undefined =>
  // A replica of the release before tells nothing of the edge.
  (picture.edge ?? []).find(({ tier }) => tier === name)

/** Undefined where it tells none. */
export function rateOf(picture: SystemPicture, name: 'gateway' | 'balancer'): number | undefined {
  const tier = tierOf(picture, name)
  return tier?.isUp ? tier.requestsPerSecond : undefined
}

/** What the edge answered itself and no replica saw: it refused it, or had a file or a probe to answer. */
export interface KeptBack {
  /** Both ends of this are counted at the same moment. */
  readonly byGateway: number
  /** Counted by different processes at different beats: right on average, not to the last request. */
  readonly byBalancer: number
}

export function keptBack(picture: SystemPicture): KeptBack {
  const { requestsPerSecond: seen } = picture.totals
  const balancer = rateOf(picture, 'balancer') ?? seen
  const gateway = rateOf(picture, 'gateway') ?? balancer
  // Whoever asks the balancer without the gateway can hide what the gateway kept, never make more of it.
  return { byGateway: Math.max(0, gateway - balancer), byBalancer: Math.max(0, balancer - seen) }
}

export const callsOf = (replica: ReplicaPicture, name: 'redis' | 'postgres'): number =>
  name === 'redis' ? replica.redis.callsPerSecond : replica.postgres.queriesPerSecond

export const timesOf = (history: readonly SystemPicture[]): readonly number[] =>
  history.map(({ time }) => time / 1_000)
