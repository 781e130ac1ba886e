/**
 * A registry that asks itself: whoever Redis tells nothing of is asked directly before it is called silent. So a replica
 * that only lost Redis is seen as what it is, and without Redis the picture stays live. How many live, by which limits are
 * divided, stays as Redis told it last: an answer that is late under load must not make shares greater.
 */

import { type Registry, type Replica, type ReplicaReport, stateOf, unreported } from '#kernel/replicas.ts'
import type { InternalAccess } from './internal-access.ts'

export interface AskedRegistryDeps {
  readonly registry: Registry
  readonly internal: InternalAccess
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Where replicas ask each other. */
export const beatPath = '/internal/beat'

/** A beat and a little: the answer is here before anybody is called silent. */
const askedAfterMs = 700
/** Who said nothing for so long, by any way, is not asked any more. */
const givenUpAfterMs = 60_000
const timeoutMs = 400

export function askedRegistry({ registry, internal, now }: AskedRegistryDeps): Registry {
  const answers = new Map<string, { report: ReplicaReport; at: number }>()
  const asked = new Set<string>()
  const ownId = registry.own().instanceId

  const seen = (replica: Replica): Replica => {
    if (replica.instanceId === ownId) return replica
    const silentMs = replica.silentMs + registry.unheardMs()
    const answer = answers.get(replica.instanceId)
    const answeredMs = answer === undefined ? Number.POSITIVE_INFINITY : now() - answer.at
    if (answer === undefined || answeredMs >= silentMs) {
      return {
        ...replica,
        silentMs,
        state: replica.state === 'down' ? 'down' : stateOf({ state: replica.state }, silentMs),
      }
    }
    return { ...answer.report, silentMs: answeredMs, state: stateOf(answer.report, answeredMs) }
  }
  const replicas = (): readonly Replica[] => registry.replicas().map(seen)

  const ask = async ({ instanceId, address }: Replica): Promise<void> => {
    asked.add(instanceId)
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const answer = await fetch(`${address}${beatPath}`, { headers: internal.headers, signal })
      if (!answer.ok) return
      const report: ReplicaReport = { ...unreported, ...((await answer.json()) as ReplicaReport) }
      // Another one at an address that was given away says nothing about this one.
      if (report.instanceId === instanceId) answers.set(instanceId, { report, at: now() })
    } catch {
      // It is silent this way too.
    } finally {
      asked.delete(instanceId)
    }
  }

  registry.onBeat(() => {
    for (const replica of registry.replicas()) {
      const { instanceId } = replica
      const toldMs = replica.silentMs + registry.unheardMs()
      if (instanceId === ownId || toldMs <= askedAfterMs) continue
      if (seen(replica).silentMs < givenUpAfterMs && !asked.has(instanceId)) void ask(replica)
    }
  })

  return { ...registry, replicas }
}
