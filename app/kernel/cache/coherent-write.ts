/**
 * Mark before, answer when everybody knows, release after.
 *
 * The mark takes the keys out of the shared cache and keeps them out, so nobody stores what was read before the commit;
 * it runs beside the transaction, because it only has to be in force when the writer answers (docs/cache.md, "Why the
 * mark may run beside the transaction"). A writer that dies in between leaves a mark behind, which ends by itself.
 */

import type { Coherence } from '../coherence.ts'
import { AppError } from '../errors.ts'
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
      await Promise.all([marked?.acknowledged, later.length > 0 ? coherence.invalidate(later) : undefined])
      marked?.release()
      return result
    } catch (failure) {
      if (!mayHaveCommitted(failure)) marked?.release()
      throw failure
    }
  }
