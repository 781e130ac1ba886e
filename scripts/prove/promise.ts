/** What one promise of the design looks like when it is measured. */

import type { RunningStack } from '#scripts/engine/stack.ts'

export interface Verdict {
  readonly holds: boolean
  readonly measured: string
}

export interface Promised {
  readonly id: string
  readonly promise: string
  readonly bound: string
  /** Leaves the stack whole. */
  measure(stack: RunningStack): Promise<Verdict>
}
