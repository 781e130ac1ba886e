/** Work that nobody waits for, done now and then by every replica: at times of its own, so that they do not meet. */

export interface Chore {
  readonly name: string
  readonly everyMs: number
  readonly work: () => Promise<unknown>
}

/** What one chore did since the start. */
export interface ChoreCounts {
  readonly name: string
  done: number
  failed: number
  tookMs: number
  /** Unix milliseconds; 0 for never. */
  lastDoneAt: number
}

export interface Housekeeping {
  counts(): readonly ChoreCounts[]
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
  const counts = new Map(
    chores.map((chore) => [chore, { name: chore.name, done: 0, failed: 0, tookMs: 0, lastDoneAt: 0 }]),
  )

  const run = async (chore: Chore): Promise<void> => {
    const own = counts.get(chore) as ChoreCounts
    const startedAt = performance.now()
    try {
      await chore.work()
      own.done += 1
      own.lastDoneAt = Date.now()
    } catch (error) {
      own.failed += 1
      failed(chore.name, error)
    } finally {
      own.tookMs += performance.now() - startedAt
    }
  }

  const plan = (chore: Chore): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        plan(chore)
        void run(chore)
      },
      chore.everyMs * (0.5 + random()),
    )
    timer.unref()
    timers.add(timer)
  }

  return {
    counts: () => [...counts.values()],
    start: () => {
      for (const chore of chores) plan(chore)
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
