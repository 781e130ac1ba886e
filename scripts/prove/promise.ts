/** What one promise of the design looks like when it is measured. */

import type { RunningStack } from '#scripts/engine/stack.ts'

export interface Verdict {
  readonly holds: boolean
  readonly measured: string
}

/** The stack a promise is measured on; those that name the same one share it. */
export interface Ground {
  readonly env: Readonly<Record<string, string>>
  /** A module that every process of ours loads first. */
  readonly preload?: string
  /** On one half of the cores, the load on the other. */
  readonly isApart?: true
}

export const usual: Ground = { env: {} }

export interface Measuring {
  /** For CI: less of everything, and bounds in time that a busy machine keeps. */
  readonly isShort: boolean
}

export interface Promised {
  readonly id: string
  readonly promise: string
  readonly bound: string
  /** Where it is another for CI. */
  readonly boundInShort?: string
  readonly on: Ground
  /** Leaves the stack whole. */
  measure(stack: RunningStack, how: Measuring): Promise<Verdict>
}
