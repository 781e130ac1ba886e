/** Asks the other replicas what only they know. One that does not answer in time is left out. */

import type { Registry } from '#kernel/replicas.ts'
import type { InternalAccess } from './internal-access.ts'

/** What each of the others answers at `path`, as JSON. */
export type AskOthers = <Answer>(path: string) => Promise<Answer[]>

export interface OtherReplicasDeps {
  readonly instanceId: string
  readonly replicas: Registry['replicas']
  readonly internal: InternalAccess
  readonly timeoutMs?: number
}

export function otherReplicas(deps: OtherReplicasDeps): AskOthers {
  const { instanceId, replicas, internal, timeoutMs = 1_000 } = deps
  return async <Answer>(path: string): Promise<Answer[]> => {
    const others = replicas().filter((each) => each.instanceId !== instanceId && each.state !== 'down')
    const answers = await Promise.allSettled(
      others.map(async ({ address }) => {
        const signal = AbortSignal.timeout(timeoutMs)
        const headers = { ...internal.headers, accept: 'application/json' }
        const answer = await fetch(`${address}${path}`, { headers, signal })
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
        return (await answer.json()) as Answer
      }),
    )
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  }
}
