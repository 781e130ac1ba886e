/** Judges what clients of a chaos run saw: nothing acknowledged is lost, no read is stale, and every refusal says why. */

import { lostAndDoubled, type Read, staleReads, type Written } from '#scripts/prove/histories.ts'
import type { Reply } from '#tests/support/load.ts'

export interface Register {
  readonly writes: Written[]
  readonly reads: Read[]
}

/** From and to, on the clock of `performance`. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What was not answered 2xx, and when it was asked and answered. */
export interface Refused extends Reply, Span {}

export interface Seen {
  /** Names whose creation was acknowledged, and the names that are there in the end. */
  readonly acknowledged: readonly string[]
  readonly found: readonly string[]
  readonly registers: readonly Register[]
  readonly refusals: readonly Refused[]
}

/** What was done to the stack meanwhile. */
export interface Done {
  readonly unplayed: readonly string[]
  readonly withoutGateway: readonly Span[]
}

export interface Judgement {
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly stale: readonly Read[]
  /** Refused without a problem document of a listed code; `internal`, a defect of ours, explains nothing. */
  readonly unexplained: readonly string[]
  /** Faults that were meant to be and were not. */
  readonly unplayed: readonly string[]
}

export function judge(
  { acknowledged, found, registers, refusals }: Seen,
  { unplayed, withoutGateway }: Done,
  codes: ReadonlySet<string>,
): Judgement {
  return {
    ...lostAndDoubled(acknowledged, found),
    stale: registers.flatMap(({ writes, reads }) => staleReads(writes, reads)),
    unexplained: refusals
      .filter((refused) => !isExplained(refused, withoutGateway, codes))
      .map(({ method, path, status, body }) => `${method} ${path}: ${status} ${body.slice(0, 100)}`),
    unplayed,
  }
}

// No answer at all is what a client sees of a gateway that was killed, and of nothing else: nobody is left to say why.
function isExplained(
  { status, headers, body, fromMs, toMs }: Refused,
  withoutGateway: readonly Span[],
  codes: ReadonlySet<string>,
): boolean {
  if (status === 0) return withoutGateway.some((span) => fromMs <= span.toMs && span.fromMs <= toMs)
  if (!String(headers['content-type']).startsWith('application/problem+json')) return false
  try {
    const problem = JSON.parse(body) as { error?: string; status?: number; requestId?: string }
    const isListed = codes.has(problem.error ?? '') && problem.error !== 'internal'
    return isListed && problem.status === status && problem.requestId !== undefined
  } catch {
    return false
  }
}

export const isClean = ({ lost, doubled, stale, unexplained, unplayed }: Judgement): boolean =>
  lost.length + doubled.length + stale.length + unexplained.length + unplayed.length === 0
