/** Judges what clients of a chaos run saw: nothing acknowledged is lost, no read is stale, and every refusal says why. */

import { lostAndDoubled, type Read, staleReads, type Written } from '#scripts/prove/histories.ts'
import type { Reply } from '#tests/support/load.ts'

export interface Register {
  readonly writes: Written[]
  readonly reads: Read[]
}

export interface Seen {
  /** Names whose creation was acknowledged, and the names that are there in the end. */
  readonly acknowledged: readonly string[]
  readonly found: readonly string[]
  readonly registers: readonly Register[]
  /** All that was not answered 2xx. */
  readonly refusals: readonly Reply[]
}

export interface Judgement {
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly stale: readonly Read[]
  /** Refused without a problem document of a listed code; `internal`, a defect of ours, explains nothing. */
  readonly unexplained: readonly string[]
}

export function judge(
  { acknowledged, found, registers, refusals }: Seen,
  codes: ReadonlySet<string>,
): Judgement {
  return {
    ...lostAndDoubled(acknowledged, found),
    stale: registers.flatMap(({ writes, reads }) => staleReads(writes, reads)),
    unexplained: refusals
      .filter((reply) => !isExplained(reply, codes))
      .map(({ method, path, status, body }) => `${method} ${path}: ${status} ${body.slice(0, 100)}`),
  }
}

// No answer at all is what a client sees of a gateway that was killed: nobody is left to say why.
function isExplained({ status, headers, body }: Reply, codes: ReadonlySet<string>): boolean {
  if (status === 0) return true
  if (!String(headers['content-type']).startsWith('application/problem+json')) return false
  try {
    const problem = JSON.parse(body) as { error?: string; status?: number; requestId?: string }
    const isListed = codes.has(problem.error ?? '') && problem.error !== 'internal'
    return isListed && problem.status === status && problem.requestId !== undefined
  } catch {
    return false
  }
}

export const isClean = ({ lost, doubled, stale, unexplained }: Judgement): boolean =>
  lost.length + doubled.length + stale.length + unexplained.length === 0
