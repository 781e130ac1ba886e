/** Runs statements: each over a connection that is borrowed for it, or all of a transaction over one. */

import type { Session } from '#kernel/database.ts'
import { type RetryBudget, withRetries } from '#kernel/retry.ts'
import type { Text } from './postgres-connection.ts'
import { isCancelledFromOutside, translate } from './postgres-errors.ts'
import type { Lender } from './postgres-pool.ts'
import { after } from './timers.ts'

type Run = <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal) => Promise<Row[]>

const sessionOf = (run: Run): Session => ({
  run: (statement, args, signal) => run(statement, statement.bind(args), signal),
  text: (text, args = [], signal) => run({ text }, args, signal),
})

/** A connection for each statement, which is cancelled when its signal aborts: not the next one over the same connection. */
export function pooledSession(lender: Lender, budget: RetryBudget): Session {
  const once = async <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> => {
    signal?.throwIfAborted()
    const connection = await lender.borrow(signal)
    try {
      return await connection.run<Row>(text, args, signal)
    } finally {
      lender.giveBack(connection)
    }
  }
  return sessionOf(
    async <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> => {
      try {
        // A cancellation names a connection, not a query: it may come when that one works on the next. Nothing of it was done.
        return await withRetries(() => once<Row>(text, args, signal), {
          isRetryable: isCancelledFromOutside,
          budget,
          after,
          signal,
        })
      } catch (error) {
        throw translate(error)
      }
    },
  )
}

/**
 * Runs `work` between `begin` and `commit`. Nothing in it is cancelled: a write that has begun is finished. Once a statement
 * has failed nothing is committed, also when `work` does not mind.
 *
 * @throws what `work` throws, or what Postgres says
 */
export async function inTransaction<T>(
  lender: Lender,
  work: (transaction: Session) => Promise<T>,
): Promise<T> {
  const connection = await lender.borrow()
  let failure: { readonly error: unknown } | undefined
  let isOpen = true
  const tell = (text: string) => connection.run({ text }, [])
  const statement: Run = async <Row>(text: Text, args: readonly unknown[]): Promise<Row[]> => {
    if (!isOpen) throw new Error('the transaction is over')
    try {
      return await connection.run<Row>(text, args)
    } catch (error) {
      failure ??= { error: translate(error) }
      throw failure.error
    }
  }
  const mustBeWell = (): void => {
    if (failure !== undefined) throw failure.error
  }
  try {
    await tell('begin')
    const result = await work(sessionOf(statement))
    isOpen = false
    mustBeWell()
    await tell('commit')
    // Postgres answers the commit of what has failed by taking it back, and calls that no error.
    mustBeWell()
    return result
  } catch (error) {
    isOpen = false
    // One that broke has taken its transaction with it.
    if (!connection.isOver) await tell('rollback').catch(() => connection.drop())
    throw error
  } finally {
    lender.giveBack(connection)
  }
}
