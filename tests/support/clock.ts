/** Time in the hand of a test: it moves only when told to, and timers fire in the order in which they are due. */

import { setImmediate as turn } from 'node:timers/promises'

export interface FakeClock {
  /** Monotonic milliseconds, as the kernel takes them. */
  readonly now: () => number
  readonly setTimeout: (callback: () => void, ms: number) => FakeTimer
  readonly setInterval: (callback: () => void, ms: number) => FakeTimer
  readonly clearTimeout: (timer: FakeTimer | undefined) => void
  readonly clearInterval: (timer: FakeTimer | undefined) => void
  readonly sleep: (ms: number) => Promise<void>
  /** Moves time and fires what is due on the way, each at its own instant, without letting promises settle. */
  readonly advance: (ms: number) => void
  /** The same, but promises settle after each timer, so that a loop of `await sleep()` runs through. */
  readonly run: (ms: number) => Promise<void>
  /** Timers still waiting: a test of clean-up asserts 0. */
  readonly pending: () => number
}

/** What `setTimeout` gives; `unref` and `ref` are there because production code calls them. */
export interface FakeTimer {
  unref(): FakeTimer
  ref(): FakeTimer
}

interface Entry {
  readonly timer: FakeTimer
  readonly callback: () => void
  readonly everyMs: number | undefined
  dueAt: number
  order: number
}

export function fakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs
  let order = 0
  let entries: Entry[] = []

  const add = (callback: () => void, ms: number, everyMs?: number): FakeTimer => {
    const timer: FakeTimer = { unref: () => timer, ref: () => timer }
    entries.push({ timer, callback, everyMs, dueAt: nowMs + Math.max(0, ms), order: order++ })
    return timer
  }
  const remove = (timer: FakeTimer | undefined) => {
    entries = entries.filter((entry) => entry.timer !== timer)
  }
  const nextDue = (until: number): Entry | undefined =>
    entries.filter((entry) => entry.dueAt <= until).sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)[0]
  const fire = (entry: Entry) => {
    nowMs = Math.max(nowMs, entry.dueAt)
    if (entry.everyMs === undefined) remove(entry.timer)
    else Object.assign(entry, { dueAt: nowMs + entry.everyMs, order: order++ })
    entry.callback()
  }

  return {
    now: () => nowMs,
    setTimeout: (callback, ms) => add(callback, ms),
    // As Node does it: an interval of 0 is one of 1, or advancing would never end.
    setInterval: (callback, ms) => add(callback, Math.max(1, ms), Math.max(1, ms)),
    clearTimeout: remove,
    clearInterval: remove,
    sleep: (ms) => new Promise((resolve) => add(resolve, ms)),
    advance: (ms) => {
      const until = nowMs + ms
      for (let entry = nextDue(until); entry !== undefined; entry = nextDue(until)) fire(entry)
      nowMs = until
    },
    run: async (ms) => {
      const until = nowMs + ms
      await turn()
      for (let entry = nextDue(until); entry !== undefined; entry = nextDue(until)) {
        fire(entry)
        await turn()
      }
      nowMs = until
    },
    pending: () => entries.length,
  }
}
