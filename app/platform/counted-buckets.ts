/** Counts the settlements with the shared buckets. */

import type { BucketStore } from '#kernel/limiter/bucket-store.ts'

export function countedBuckets(store: BucketStore) {
  const calls = { ok: 0, failed: 0 }
  const counted: BucketStore = {
    onLoss: store.onLoss,
    async settle(holder, asks) {
      try {
        const grants = await store.settle(holder, asks)
        calls.ok += 1
        return grants
      } catch (error) {
        calls.failed += 1
        throw error
      }
    },
  }
  return { store: counted, calls }
}
