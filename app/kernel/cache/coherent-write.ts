/**
 * Mark before, invalidate after, answer when everybody knows.
 *
 * The mark runs beside the transaction: it takes the keys out of the shared cache and keeps them out. It stands in for a
 * writer that dies: what it leaves behind is a mark, which ends by itself, not an old answer. What makes the write safe
 * to acknowledge is the invalidation after the commit: whatever was read before it is void everywhere then.
 */

import type { Coherence } from '#kernel/coherence/coherence.ts'
import { AppError } from '#kernel/errors.ts'
import type { Cache } from './cache.ts'

/** A transaction that failed like this may still commit: the connection or the patience ended first. */
const mayHaveCommitted = (failure: unknown): boolean =>
  !(failure instanceof AppError) ||
  failure.code === 'dependency_unavailable' ||
  failure.code === 'deadline_exceeded'

export const coherentWrite =
  (coherence: Coherence): Cache['write'] =>
  async (keys, work, keysAfter) => {
    const marked = keys.length > 0 ? coherence.mark(keys) : undefined
    try {
      const result = await work()
      const later = keysAfter?.(result) ?? []
      await Promise.all([marked?.release(), later.length > 0 ? coherence.invalidate(later) : undefined])
      return result
    } catch (failure) {
      if (!mayHaveCommitted(failure)) void marked?.release()
      throw failure
    }
  }
