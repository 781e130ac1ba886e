/** How late the event loop is: a timer that should fire on time, and by how much it does not. */

/** Tells `tick` every `everyMs` the lateness in milliseconds. Returns what stops it. */
export function watchLoopDelay(
  tick: (delayMs: number) => void,
  now: () => number,
  everyMs = 100,
): () => void {
  let due = now() + everyMs
  const timer = setInterval(() => {
    const at = now()
    tick(Math.max(0, at - due))
    due = at + everyMs
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
