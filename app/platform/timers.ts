/** The clock and the timers of this process, in the form the kernel takes them. */

import type { After } from '#kernel/clock.ts'

/** Monotonic milliseconds: never jumps, goes on while the wall clock is set. */
export const monotonicMs = (): number => performance.now()

/** Returns the function that cancels it. */
export const after: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/** What most of the kernel takes. */
export const clock = { now: monotonicMs, after, defer: setImmediate } as const
