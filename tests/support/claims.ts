/** The right to load an answer, as another replica would take it. */

import type { CacheStore, Claim } from '#kernel/cache/cache.ts'

/** More than anything is fresh for: whatever is stored is of no use. */
const anew = Number.MAX_SAFE_INTEGER

/** The claim, or why there is none. */
export async function tryClaim(
  store: CacheStore,
  key: string,
  tags: readonly string[] = [],
): Promise<Claim | 'held' | 'written'> {
  const claimed = await store.readOrClaim(key, tags, anew)
  if (typeof claimed === 'object' && !('token' in claimed)) throw new Error(`${key} was read, not claimed`)
  return claimed
}

/** @throws {Error} when it is not granted */
export async function claimOf(store: CacheStore, key: string, tags: readonly string[] = []): Promise<Claim> {
  const claimed = await tryClaim(store, key, tags)
  if (typeof claimed === 'string') throw new Error(`${key} is ${claimed}`)
  return claimed
}
