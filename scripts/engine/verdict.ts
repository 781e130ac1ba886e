/** Whether a canary fails more often than the replicas beside it. */

/** What was seen of some replicas while the canary was watched. */
export interface Seen {
  readonly requests: number
  /** Answered 5xx. */
  readonly errors: number
}

export interface Bounds {
  /** How many more of its requests may fail than of the others', in percent. */
  readonly maxExcessPercent: number
  /** So many failures say something; fewer may be chance. */
  readonly minErrors: number
}

export const bounds: Bounds = { maxExcessPercent: 1, minErrors: 5 }

export const errorPercent = ({ requests, errors }: Seen): number =>
  requests === 0 ? 0 : (errors * 100) / requests

/** Compared with the others and not with nothing: what fails everywhere is no fault of the new code. */
export const isWorse = (canary: Seen, others: Seen, { maxExcessPercent, minErrors }: Bounds): boolean =>
  canary.errors >= minErrors && errorPercent(canary) > errorPercent(others) + maxExcessPercent
