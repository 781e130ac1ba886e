/** How late the event loop is: a timer that should fire on time, and by how much it does not. */

export interface LoopDelay {
  start(): void
  stop(): void
  /** The latest it was since this was last asked, in milliseconds. */
  latestMs(): number
}

/** Tells `tick` every `everyMs` the lateness in milliseconds. */
export function loopDelay(tick: (delayMs: number) => void, now: () => number, everyMs = 100): LoopDelay {
  let timer: NodeJS.Timeout | undefined
  let latestMs = 0

  return {
    start() {
      let due = now() + everyMs
      timer = setInterval(() => {
        const at = now()
        const delayMs = Math.max(0, at - due)
        due = at + everyMs
        latestMs = Math.max(latestMs, delayMs)
        tick(delayMs)
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
