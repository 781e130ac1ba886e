/** How late the event loop is, by a timer that should fire on time, and how much of its time it has something to do. */

import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import type { LoopPressure } from '#kernel/admission/admission.ts'

export interface WatchedEventLoop {
  start(): void
  stop(): void
  /** The latest it was since this was last asked, in milliseconds. */
  latestMs(): number
}

/** Tells `tick` every `everyMs` what the time since the last was like. */
export function watchEventLoop(
  tick: (pressure: LoopPressure) => void,
  now: () => number,
  everyMs = 100,
): WatchedEventLoop {
  let timer: NodeJS.Timeout | undefined
  let latestMs = 0

  return {
    start() {
      let due = now() + everyMs
      let before: EventLoopUtilization = performance.eventLoopUtilization()
      timer = setInterval(() => {
        const at = now()
        const delayMs = Math.max(0, at - due)
        due = at + everyMs
        latestMs = Math.max(latestMs, delayMs)
        const after = performance.eventLoopUtilization()
        tick({ delayMs, busyShare: performance.eventLoopUtilization(after, before).utilization })
        before = after
      }, everyMs)
      timer.unref()
    },
    stop: () => clearInterval(timer),
    latestMs() {
      const latest = latestMs
      latestMs = 0
      return latest
    },
  }
}
