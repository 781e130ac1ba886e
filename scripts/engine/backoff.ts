/** How long to wait before a dead process is started again, and when its deaths are a crash loop. */

export interface Deaths {
  /** Quick deaths in a row. */
  readonly inARow: number
}

export const noDeaths: Deaths = { inARow: 0 }

/** Died this soon after it was ready, or before: starting it again is unlikely to help. */
const quickMs = 2_000
const crashLoopFrom = 5
const firstDelayMs = 100
const longestDelayMs = 10_000

/** @param readyForMs - how long it had been ready; undefined when it never was */
export const afterDeath = (deaths: Deaths, readyForMs: number | undefined): Deaths =>
  readyForMs !== undefined && readyForMs >= quickMs ? noDeaths : { inARow: deaths.inARow + 1 }

/** One that had lived well is started at once; then the pause doubles. */
export const delayMs = ({ inARow }: Deaths): number =>
  inARow === 0 ? 0 : Math.min(firstDelayMs * 2 ** (inARow - 1), longestDelayMs)

export const isCrashLoop = ({ inARow }: Deaths): boolean => inARow >= crashLoopFrom
