/** How often a request was refused with each code; all there are stand at 0 from the start. */

import { problemTable } from '#http/error-reply.ts'
import type { ErrorCode } from '#kernel/errors.ts'

export interface RefusalCounts {
  readonly counts: () => Readonly<Record<string, number>>
  readonly count: (code: ErrorCode) => void
}

export function refusalCounts(): RefusalCounts {
  const counts: Record<string, number> = Object.fromEntries(problemTable.map(({ code }) => [code, 0]))
  return {
    counts: () => counts,
    count: (code) => {
      counts[code] = (counts[code] ?? 0) + 1
    },
  }
}
