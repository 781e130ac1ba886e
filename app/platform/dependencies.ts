/** Looks every second whether what we depend on answers, so that readiness can be told without asking. */

import type { DependencyState } from '#kernel/replicas.ts'

export interface Dependencies {
  readonly states: () => Readonly<Record<string, DependencyState>>
  start(): void
  stop(): void
}

export function watchedDependencies(
  pings: Readonly<Record<string, () => Promise<unknown>>>,
  { everyMs = 1_000, timeoutMs = 900 } = {},
): Dependencies {
  const states: Record<string, DependencyState> = Object.fromEntries(
    Object.keys(pings).map((name) => [name, 'down']),
  )
  const asked = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const look = (name: string, ping: () => Promise<unknown>): void => {
    // An answer that is still awaited after a whole round is none; asking again would only pile up.
    if (asked.has(name)) return
    asked.add(name)
    const overdue = setTimeout(() => {
      states[name] = 'down'
    }, timeoutMs)
    ping()
      .then(
        () => {
          states[name] = 'up'
        },
        () => {
          states[name] = 'down'
        },
      )
      .finally(() => {
        clearTimeout(overdue)
        asked.delete(name)
      })
  }
  const lookAtAll = (): void => {
    for (const [name, ping] of Object.entries(pings)) look(name, ping)
  }

  return {
    states: () => states,
    start: () => {
      lookAtAll()
      timer = setInterval(lookAtAll, everyMs)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}
