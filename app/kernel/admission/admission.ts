/**
 * Who runs now, who waits, who is refused: an adaptive limit, narrowed while the event loop is never idle, a short queue,
 * and a brake for a loop that is late all the same.
 */

import { AdmissionLimit, type AdmissionLimitOptions } from './limit.ts'
import { AdmissionQueue, type AdmissionQueueOptions, type Waiting } from './queue.ts'

/** Least first: under overload the first are shed first. */
export const priorities = ['anonymous', 'free', 'pro', 'enterprise', 'admin'] as const

export interface LoopPressure {
  /** How late it was. */
  readonly delayMs: number
  /** Share of its time in which it had something to do, 0 to 1. */
  readonly busyShare: number
}

export interface AdmissionStats {
  readonly limit: number
  readonly running: number
  readonly waiting: number
  /** How many priorities the brake keeps out at the moment. */
  readonly brake: number
  readonly admitted: number
  /** By priority, since the start. */
  readonly shed: Readonly<Record<string, number>>
}

export interface Admission {
  /** True: it runs now, and `leave` is owed. The common case: no promise, no allocation. */
  enter(priority: number): boolean
  /**
   * For whoever `enter` refused. `decide` is called once, later: true means that it runs now and owes `leave`.
   * Returns how to give up waiting; undefined where there is no room, and then `decide` is never called.
   */
  wait(priority: number, decide: (isAdmitted: boolean) => void): (() => void) | undefined
  /** One that ran has ended. */
  leave(tookMs: number): void
  /** To be told every 100 ms or so how the event loop fares; also ends the waits that took too long. */
  tick(pressure: LoopPressure): void
  stats(): AdmissionStats
}

export interface AdmissionOptions extends AdmissionLimitOptions, Omit<AdmissionQueueOptions, 'priorities'> {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly lateMs?: number
  /** So many ticks in a row count: one long turn is no overload. */
  readonly lateTicks?: number
  /**
   * So busy, the loop is what is short: fewer at once, down to `fewest`. Those who wait are chosen by priority, those who run
   * wait for each other in the order they came. A loop that only waits, for a dependency that hangs, is not busy.
   */
  readonly pressedShare?: number
  readonly fewest?: number
}

/** Share of those that run, kept after each tick of pressure, and how many more after each without. */
const NARROWED = 0.75
const WIDENED = 8

export function openAdmission(options: AdmissionOptions): Admission {
  const { now, lateMs = 100, lateTicks = 5, pressedShare = 0.97, fewest = 24 } = options
  const limit = new AdmissionLimit(options)
  const queue = new AdmissionQueue({ ...options, priorities: priorities.length })
  const shed = new Map<string | undefined, number>(priorities.map((name) => [name, 0]))
  let running = 0
  let admitted = 0
  let pressed = 0
  let late = 0
  let brake = 0
  let braked = 0
  let narrow = Number.POSITIVE_INFINITY

  const places = (): number => Math.min(limit.current, narrow)
  const refused = (priority: number): void => {
    const name = priorities[priority]
    shed.set(name, Number(shed.get(name)) + 1)
  }
  const start = (): void => {
    running += 1
    admitted += 1
  }
  const fill = (): void => {
    while (running < places()) {
      const next = queue.next(now())
      if (next === undefined) return
      start()
      next.decide(true)
    }
  }

  return {
    enter(priority) {
      // One of four goes on: a loop that is late for another reason must not end in answering nobody.
      if (priority < brake && ++braked % 4 !== 0) return false
      if (running >= places() || queue.size > 0) return false
      start()
      return true
    },
    wait(priority, decide) {
      const at = now()
      const decided = (isAdmitted: boolean): void => {
        if (!isAdmitted) refused(priority)
        decide(isAdmitted)
      }
      const waiting: Waiting = { priority, since: at, decide: decided }
      queue.expire(at)
      if (priority < brake || !queue.add(waiting)) {
        refused(priority)
        return undefined
      }
      return () => queue.remove(waiting)
    },
    leave(tookMs) {
      limit.sample(tookMs, running, now())
      running -= 1
      if (queue.size > 0) {
        queue.expire(now())
        fill()
      }
    },
    tick({ delayMs, busyShare }) {
      // More at once than the loop can turn do not end sooner, they only all end late.
      pressed = busyShare >= pressedShare ? pressed + 1 : 0
      if (pressed >= lateTicks) narrow = Math.max(fewest, Math.min(places(), running) * NARROWED)
      else if (pressed === 0) narrow = narrow < limit.current ? narrow + WIDENED : Number.POSITIVE_INFINITY
      queue.expire(now())
      fill()
      if (delayMs < lateMs) {
        late = 0
        brake = Math.max(0, brake - 1)
      } else if (++late % lateTicks === 0) brake = Math.min(priorities.length - 1, brake + 1)
    },
    stats: () => ({
      limit: Math.floor(places()),
      running,
      waiting: queue.size,
      brake,
      admitted,
      shed: Object.fromEntries(shed),
    }),
  }
}
