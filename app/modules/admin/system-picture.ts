/** The system at this moment: every replica as the registry knows it, and all of them together. */

import { summed } from '#kernel/load-meter.ts'
import { type Replica, silentAfterMs } from '#kernel/replicas.ts'
import type { ReplicaPicture, SystemPicture } from './system.schemas.ts'

export const systemPicture = (replicas: readonly Replica[], time: number): SystemPicture => ({
  time,
  replicas: replicas.map(replicaPicture),
  // What a replica that is down did last is no load any more.
  totals: summed(replicas.filter(({ state }) => state !== 'down')),
  edge: edgeOf(replicas),
})

/** As one replica tells for all; while that task passes on, two do or none does. */
const edgeOf = (replicas: readonly Replica[]): SystemPicture['edge'] => [
  ...(replicas.find(({ state, edge }) => state !== 'down' && edge.length > 0)?.edge ?? []),
]

export function replicaPicture(replica: Replica): ReplicaPicture {
  const { address: _address, durations: _durations, edge: _edge, state, ...figures } = replica
  const isSilent = state !== 'down' && replica.silentMs > silentAfterMs
  return {
    ...figures,
    silentMs: Math.max(0, Math.round(replica.silentMs)),
    state: isSilent ? 'silent' : state,
  }
}
