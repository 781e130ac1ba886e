/** The system as nodes and the links between them, made from one picture. */

import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import { bytes, count, share } from '#dashboard/components/numbers.ts'
import type { Tone } from '#dashboard/components/tone.ts'
import {
  callsOf,
  isAlive,
  keptBack,
  rateOf,
  stateTone,
  stateWord,
  storeFigures,
  sumOf,
  tierOf,
} from '#dashboard/live/figures.ts'
import type { Plan, Point } from './plan.ts'

export interface Node {
  readonly id: string
  readonly title: string
  readonly at: Point
  readonly tone: Tone
  readonly state: string
  readonly note: string
}

export interface Link {
  readonly id: string
  readonly from: Node
  readonly to: Node
  /** Undefined where nothing is known, or nothing flows because one end is gone. */
  readonly flow: Flow | undefined
  /** Where its label stands, as a share of its way. */
  readonly labelAt: number
}

export interface Flow {
  readonly perSecond: number
  readonly errorsPerSecond: number
  readonly p99Ms: number
  /** What came to where it begins and was answered there; 0 where that is not known. */
  readonly keptPerSecond: number
}

export interface Network {
  readonly nodes: readonly Node[]
  readonly links: readonly Link[]
}

/** @param isConnected - whether the picture is of now: what comes through the gateway proves the gateway */
export function networkOf(picture: SystemPicture, plan: Plan, isConnected: boolean): Network {
  const gateway: Node = {
    id: 'gateway',
    title: 'Gateway',
    at: plan.gateway,
    note: gatewayNote(picture),
    ...tierState(picture, 'gateway', isConnected),
  }
  const balancer: Node = {
    id: 'balancer',
    title: 'Balancer',
    at: plan.balancer,
    note: balancerNote(picture),
    ...tierState(picture, 'balancer', isConnected),
  }
  const replicas = picture.replicas.map((replica, index) => ({
    replica,
    node: replicaNode(replica, picture.time, plan.replica(index, picture.replicas.length)),
  }))
  const stores = (['redis', 'postgres'] as const).map((name) => ({
    name,
    node: storeNode(picture, name, plan[name]),
  }))
  return {
    nodes: [gateway, balancer, ...replicas.map(({ node }) => node), ...stores.map(({ node }) => node)],
    links: [
      link(gateway, balancer, isConnected ? edgeFlow(picture) : undefined, 0.5),
      ...replicas.map(({ replica, node }) =>
        link(balancer, node, isAlive(replica) ? replica : undefined, 0.5),
      ),
      ...replicas.flatMap(({ replica, node }) =>
        stores.map(({ name, node: store }) =>
          link(
            node,
            store,
            isAlive(replica) && replica[name].isUp ? storeFlow(replica, name) : undefined,
            0.33,
          ),
        ),
      ),
    ],
  }
}

/** Answered through both, the stream proves them; which of them tells no status is known as well. */
function tierState(picture: SystemPicture, name: 'gateway' | 'balancer', isConnected: boolean) {
  if (!isConnected) return { tone: 'warn', state: 'Not answering' } as const
  return tierOf(picture, name)?.isUp === false
    ? ({ tone: 'warn', state: 'No status' } as const)
    : ({ tone: 'good', state: 'Up' } as const)
}

function gatewayNote(picture: SystemPicture): string {
  const tier = tierOf(picture, 'gateway')
  return tier?.isUp
    ? `${count(tier.requestsPerSecond)}/s · ${count(tier.connections)} open`
    : `${count(sumOf(picture, ({ inFlight }) => inFlight))} in flight`
}

/** Below a tenth it is the difference of two clocks, or a probe. */
const worthSaying = (kept: number, all: number): boolean => kept >= 1 && kept > all / 10

function balancerNote(picture: SystemPicture): string {
  const { byBalancer } = keptBack(picture)
  if (worthSaying(byBalancer, rateOf(picture, 'balancer') ?? 0)) return `keeps about ${count(byBalancer)}/s`
  return `${picture.replicas.filter(isAlive).length} of ${picture.replicas.length} replicas`
}

/** What the gateway passes on, by the balancer's own count; errors and durations as the replicas tell them. */
function edgeFlow(picture: SystemPicture): Flow {
  const { requestsPerSecond, errorsPerSecond, p99Ms } = picture.totals
  const passed = Math.min(
    rateOf(picture, 'gateway') ?? requestsPerSecond,
    rateOf(picture, 'balancer') ?? requestsPerSecond,
  )
  return { perSecond: passed, errorsPerSecond, p99Ms, keptPerSecond: keptBack(picture).byGateway }
}

// Quickly back, a replica is never seen silent: that it was away must show all the same.
const newForMs = 10_000

function replicaNode(replica: ReplicaPicture, now: number, at: Point): Node {
  const ageMs = now - Date.parse(replica.startedAt)
  const isNew = replica.state === 'up' && ageMs < newForMs
  return {
    id: replica.instanceId,
    title: replica.instanceId,
    at,
    tone: isNew ? 'warn' : stateTone[replica.state],
    state: isNew ? 'Just started' : stateWord[replica.state],
    note: isAlive(replica)
      ? `${share(replica.cpuShare, 1)} CPU · ${bytes(replica.residentBytes)}`
      : `silent for ${Math.round(replica.silentMs / 1_000)} s`,
  }
}

const titles = { redis: 'Redis', postgres: 'Postgres' } as const

function storeNode(picture: SystemPicture, name: 'redis' | 'postgres', at: Point): Node {
  const { isUp, callsPerSecond } = storeFigures(picture, name)
  return {
    id: name,
    title: titles[name],
    at,
    tone: isUp ? 'good' : 'bad',
    state: isUp ? 'Up' : 'Not reached',
    note: `${count(callsPerSecond)} ${name === 'redis' ? 'commands' : 'queries'}/s`,
  }
}

const storeFlow = (replica: ReplicaPicture, name: 'redis' | 'postgres'): Flow => ({
  perSecond: callsOf(replica, name),
  errorsPerSecond: replica[name].errorsPerSecond,
  p99Ms: replica[name].p99Ms,
  keptPerSecond: 0,
})

type Load = Pick<ReplicaPicture, 'requestsPerSecond' | 'errorsPerSecond' | 'p99Ms'>

function link(from: Node, to: Node, load: Load | Flow | undefined, labelAt: number): Link {
  const flow = load && {
    perSecond: 'perSecond' in load ? load.perSecond : load.requestsPerSecond,
    errorsPerSecond: load.errorsPerSecond,
    p99Ms: load.p99Ms,
    keptPerSecond: 'keptPerSecond' in load ? load.keptPerSecond : 0,
  }
  return { id: `${from.id}-${to.id}`, from, to, flow, labelAt }
}
