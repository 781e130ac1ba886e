/** Work that nobody waits for, done now and then by every replica: at times of its own, so that they do not meet. */

export interface Chore {
  readonly name: string
  readonly everyMs: number
  readonly work: () => Promise<unknown>
}

export interface Housekeeping {
  start(): void
  stop(): void
}

/** A chore that fails is told of and done again at its next time. */
export function housekeeping(
  chores: readonly Chore[],
  failed: (chore: string, error: unknown) => void,
  random: () => number = Math.random,
): Housekeeping {
  const timers = new Set<NodeJS.Timeout>()

  const plan = (chore: Chore): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        plan(chore)
        chore.work().catch((error: unknown) => failed(chore.name, error))
      },
      chore.everyMs * (0.5 + random()),
    )
    timer.unref()
    timers.add(timer)
  }

  return {
    start: () => {
      for (const chore of chores) plan(chore)
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
