/** A database behind two breakers: reads and writes fail for different reasons, and one must not shut the other. */

import type { Database } from '#kernel/database.ts'
import { AppError } from '#kernel/errors.ts'
import type { Breaker } from './breaker.ts'
import { ConstraintError, LockedError } from './postgres-errors.ts'

export function guardedDatabase(database: Database, reads: Breaker, writes: Breaker): Database {
  // A rule that refuses a write is an answer of a healthy database.
  const write = async <T>(call: () => Promise<T>): Promise<T> => {
    const outcome = await writes.run(() =>
      call().then(
        (value) => ({ is: 'done' as const, value }),
        (error: unknown) => {
          if (isRefusal(error)) return { is: 'refused' as const, error }
          throw error
        },
      ),
    )
    if (outcome.is === 'refused') throw outcome.error
    return outcome.value
  }
  const { autocommit } = database
  return {
    run: (statement, args, signal) => reads.run(() => database.run(statement, args, signal)),
    text: (query, args, signal) => reads.run(() => database.text(query, args, signal)),
    autocommit: {
      run: (statement, args, signal) => write(() => autocommit.run(statement, args, signal)),
      text: (query, args, signal) => write(() => autocommit.text(query, args, signal)),
    },
    transaction: (work) => write(() => database.transaction(work)),
    isReachable: () => database.isReachable() && writes.isClosed(),
  }
}

/** An answer of a healthy database, and no failure of it. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof ConstraintError ||
  error instanceof LockedError ||
  (error instanceof AppError && error.code !== 'dependency_unavailable')
