/** The reference of the bucket scripts in plain code: buckets of one process, with the clock as a parameter. */

import type { Ask, BucketStore, Grant } from '#kernel/limiter/bucket-store.ts'
import { settleSlidingWindow, type WindowState } from './memory-sliding-window.ts'
import { type BucketState, settleTokenBucket } from './memory-token-bucket.ts'

export interface MemoryBuckets extends BucketStore {
  /** Forgets everything, as a Redis without persistence does when it restarts. */
  clear(): void
}

/** `nowMicros` is an integer number of microseconds, as Redis TIME gives it. */
export function memoryBuckets(nowMicros: () => number, leaseMs = 5_000): MemoryBuckets {
  const buckets = new Map<string, BucketState>()
  const windows = new Map<string, WindowState>()

  const settleOne = (holder: string, ask: Ask): Grant => {
    const key = `${ask.policy.name}:${ask.key}`
    const isWindow = ask.policy.algorithm === 'sliding-window'
    return isWindow
      ? settleSlidingWindow(windows, key, holder, ask, nowMicros(), leaseMs)
      : settleTokenBucket(buckets, key, holder, ask, nowMicros(), leaseMs)
  }

  return {
    settle: async (holder, asks) => asks.map((ask) => settleOne(holder, ask)),
    onLoss: () => {},
    clear: () => {
      buckets.clear()
      windows.clear()
    },
  }
}
