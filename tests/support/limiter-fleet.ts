/** A fleet of limiters over one store in memory, with time, crashes and losses in the hand of a test. */

import { setImmediate as turn } from 'node:timers/promises'
import type { BucketStore } from '#kernel/limiter/bucket-store.ts'
import { type LeasedLimiter, type LeasedLimiterOptions, leasedLimiter } from '#kernel/limiter/limiter.ts'
import type { Policy, Verdict } from '#kernel/limiter/policy.ts'
import { memoryBuckets } from '#platform/memory-buckets.ts'
import { type FakeClock, fakeClock } from './clock.ts'

export interface Fleet {
  readonly clock: FakeClock
  readonly replicas: LeasedLimiter[]
  /** Asks settled, one batch each: what a call costs. */
  readonly calls: { readonly asks: number }[]
  readonly store: BucketStore & { clear(): void }
  /** `rejects`: at once. `hangs`: after the timeout, the asks carried out or not. */
  trouble: 'none' | 'rejects' | 'swallows-asks' | 'swallows-answers'
  latencyMs: number
  /** Replaces a replica by a new process: what it leased is gone. */
  crash(index: number): void
  /** Stops its timers, as SIGSTOP does; what was due meanwhile runs after the first turn it is awake again. */
  freeze(index: number): void
  thaw(index: number): void
  /** The connection breaks: every replica hears of it. */
  disconnect(): void
  take(index: number, key: string, policy: Policy, cost?: number): Promise<Verdict>
}

export const timeoutMs = 200

export function fleet(size: number, options: Partial<LeasedLimiterOptions> = {}): Fleet {
  const clock = fakeClock()
  const buckets = memoryBuckets(() => Math.round(clock.now() * 1_000))
  const listeners: (() => void)[] = []
  let holders = 0

  const store: Fleet['store'] = {
    async settle(holder, asks) {
      if (asks.length > 0) self.calls.push({ asks: asks.length })
      if (self.trouble === 'rejects') throw new Error('connection refused')
      if (self.latencyMs > 0) await clock.sleep(self.latencyMs / 2)
      const isCarriedOut = self.trouble === 'none' || self.trouble === 'swallows-answers'
      const grants = isCarriedOut ? await buckets.settle(holder, asks) : []
      if (self.trouble !== 'none') {
        await clock.sleep(timeoutMs)
        throw new Error('timed out')
      }
      if (self.latencyMs > 0) await clock.sleep(self.latencyMs / 2)
      return grants
    },
    onLoss: (lost) => listeners.push(lost),
    clear: () => buckets.clear(),
  }

  const asleep = new Map<number, (() => void)[]>()
  const open = (index: number): LeasedLimiter =>
    leasedLimiter({
      store,
      holder: `holder-${++holders}`,
      now: clock.now,
      defer: setImmediate,
      after: (ms, run) => {
        const timer = clock.setTimeout(() => {
          const waiting = asleep.get(index)
          if (waiting) waiting.push(run)
          else run()
        }, ms)
        return () => clock.clearTimeout(timer)
      },
      liveReplicas: () => size,
      ...options,
    })

  const self: Fleet = {
    clock,
    replicas: Array.from({ length: size }, (_, index) => open(index)),
    calls: [],
    store,
    trouble: 'none',
    latencyMs: 0,
    crash: (index) => {
      asleep.delete(index)
      self.replicas[index] = open(index)
      // It cannot connect, and so knows.
      if (self.trouble !== 'none') listeners.at(-1)?.()
    },
    freeze: (index) => {
      if (!asleep.has(index)) asleep.set(index, [])
    },
    thaw: (index) => {
      const due = asleep.get(index) ?? []
      asleep.delete(index)
      setImmediate(() => {
        for (const run of due) run()
      })
    },
    disconnect: () => {
      for (const lost of listeners) lost()
    },
    take: async (index, key, policy, cost = 1) => {
      const limiter = self.replicas[index % size]
      if (!limiter) throw new RangeError(`no replica ${index}`)
      return limiter.take(key, policy, cost)
    },
  }
  return self
}

/** Lets what is due in this turn and the answers to it come through, time standing still. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 6; turns++) await turn()
}

/** Lets time pass in small steps, so that what one answer sets off can travel too. */
export async function travel(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5) {
    await settle()
    await clock.run(5)
  }
}

export interface Admission {
  readonly at: number
  readonly cost: number
}

/**
 * The most by which any window exceeds rate x t, in tokens: to be compared with the capacity. A leaky bucket fed with
 * the history finds the worst of all windows in one pass.
 */
export function worstWindow(history: readonly Admission[], refillPerSecond: number): number {
  let level = 0
  let worst = 0
  let last = Number.NEGATIVE_INFINITY
  for (const { at, cost } of history.toSorted((a, b) => a.at - b.at)) {
    level = Math.max(0, level - ((at - last) / 1_000) * refillPerSecond) + cost
    worst = Math.max(worst, level)
    last = at
  }
  return worst
}
