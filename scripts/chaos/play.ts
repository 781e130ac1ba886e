/** Plays faults and keeps book of them: how often each, which failed to play, and when nobody could answer. */

import { messageOf } from '#scripts/engine/engine-error.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'
import type { Fault } from './faults.ts'
import type { Span } from './judge.ts'

export interface Played {
  /** By name of the fault; only what was played to its end. */
  readonly times: Map<string, number>
  /** What was not, and why: a run without its faults proves nothing. */
  readonly unplayed: string[]
  readonly withoutGateway: Span[]
}

export const nothingPlayed = (): Played => ({ times: new Map(), unplayed: [], withoutGateway: [] })

/** One fault, and all of the stack up again after it. @throws {EngineError} when the stack cannot be repaired */
export async function playOne(
  { name, takesGateway = false, play }: Fault,
  { stack, random, played }: { stack: RunningStack; random: () => number; played: Played },
): Promise<void> {
  const fromMs = performance.now()
  try {
    await play(stack, random)
    played.times.set(name, (played.times.get(name) ?? 0) + 1)
  } catch (error) {
    played.unplayed.push(`${name}: ${messageOf(error)}`)
  }
  await stack.repair()
  if (takesGateway) played.withoutGateway.push({ fromMs, toMs: performance.now() })
}
