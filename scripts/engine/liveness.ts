/**
 * Tells a process that is stuck from one that is only busy. Nobody else can: a stuck replica still accepts connections,
 * and whoever is sent to it waits. Once it is ended, the balancer gives its open safe requests to another replica.
 *
 *   no answer and not a tick of CPU     frozen (stopped, paused): ended after 1.2 s, so that no stall passes 2 s
 *   no answer, but computing            overloaded or in an endless loop: ended after longer than any request may take
 *
 * One that computes is not frozen, and is asked now and then only: questions are work for a replica that has enough.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { cpuTicksOf, type Identity } from './identity.ts'

export interface Patience {
  readonly frozenMs: number
  readonly hungMs: number
  readonly everyMs: number
  /** Longest time between two questions to one that computes. */
  readonly askEveryMs: number
}

export const patience: Patience = { frozenMs: 1_200, hungMs: 15_000, everyMs: 300, askEveryMs: 2_000 }

/** One look at a process: when, whether it answered, and what CPU it has used in all; undefined where that is not told. */
export interface Look {
  readonly atMs: number
  /** Also false where it was not asked. */
  readonly hasAnswered: boolean
  readonly ticks: number | undefined
}

/** Whether a process with these looks is to be asked now that it has used so much CPU, or lives on as one can see. */
export function isToBeAsked(
  looks: readonly Look[],
  { atMs, ticks }: Omit<Look, 'hasAnswered'>,
  { askEveryMs }: Patience,
): boolean {
  const [first] = looks
  const last = looks.at(-1)
  if (first === undefined || last === undefined || ticks === undefined) return true
  return ticks === last.ticks || atMs - first.atMs >= askEveryMs
}

/** Why a process with these looks, oldest first and the first one answered, is to be ended; undefined while it is not. */
export function stuckSince(
  looks: readonly Look[],
  { frozenMs, hungMs, everyMs }: Patience,
): string | undefined {
  const last = looks.at(-1)
  if (last === undefined || last.hasAnswered) return undefined
  const silence = looks.slice(
    Math.max(
      looks.findLastIndex(({ hasAnswered }) => hasAnswered),
      0,
    ),
  )
  // Who looked late was itself kept from running, and so perhaps was the process: what was before does not count.
  const late = silence.findLastIndex(
    (look, index) => look.atMs - (silence[index - 1] ?? look).atMs >= everyMs * 3,
  )
  // It may have computed between its last answer and the moment it froze.
  const frozen = silence
    .slice(Math.max(late, 0))
    .find(({ ticks }) => ticks !== undefined && ticks === last.ticks)
  const lasted = (since: Look | undefined): number => last.atMs - (since ?? last).atMs
  if (lasted(frozen) >= frozenMs) return `was frozen for ${lasted(frozen).toFixed(0)} ms`
  return lasted(silence[0]) >= hungMs ? `answered nothing for ${lasted(silence[0]).toFixed(0)} ms` : undefined
}

/** Resolves with the reason once `process` is stuck; never, once `signal` is aborted. `isSilent` resolves within a second. */
export async function untilStuck(
  process: Identity,
  isSilent: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<string> {
  let looks: Look[] = []
  let pending: Promise<boolean> | undefined
  while (!signal.aborted) {
    const seen = { atMs: performance.now(), ticks: cpuTicksOf(process) }
    if (pending === undefined && !isToBeAsked(looks, seen, patience)) {
      looks.push({ ...seen, hasAnswered: false })
      await delay(patience.everyMs, undefined, { signal }).catch(() => undefined)
      continue
    }
    // Looks go on at their own pace while an answer is awaited.
    pending ??= isSilent()
    const wasSilent = await Promise.race([pending, delay(patience.everyMs, undefined)])
    if (wasSilent !== undefined) pending = undefined
    const look = { atMs: performance.now(), hasAnswered: wasSilent === false, ticks: cpuTicksOf(process) }
    looks = look.hasAnswered ? [look] : [...looks, look]
    const reason = stuckSince(looks, patience)
    if (reason !== undefined) return reason
    if (wasSilent !== undefined) await delay(patience.everyMs, undefined, { signal }).catch(() => undefined)
  }
  return new Promise(() => {})
}
