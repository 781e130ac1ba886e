/** Runs statements over postgres.js: in the pool, one per connection at a time, or in a transaction. */

import type postgres from 'postgres'
import type { Session, Statement } from '#kernel/database.ts'
import { deadlineExceeded } from '#kernel/deadline.ts'
import type { Permits } from '#kernel/permits.ts'
import { type RetryBudget, withRetries } from '#kernel/retry.ts'
import { isCancelledFromOutside, translate } from './postgres-errors.ts'
import { after } from './timers.ts'

/** Whether the latest that was heard of Postgres was an answer. */
export interface Contact {
  isMade: boolean
}

/** What postgres.js knows of a query besides its promise. */
interface Pending extends PromiseLike<unknown> {
  /** It is the one that its connection is working on. */
  readonly active: boolean
  canceller: ((query: unknown) => Promise<unknown>) | null
}

type Text = Pick<Statement<never, never>, 'text' | 'asCells'>

interface Asked<Row> {
  readonly pending: Pending
  /** Its rows, once it has ended. */
  readonly take: () => Row[]
}

/**
 * The rows pass by the query instead of becoming its result. postgres.js assigns closures to members of each query
 * (`this.resolve = x => …`); V8 allocates such closures in the old generation, where they and all that they reach, the
 * result too, stay until the next full collection (docs/performance.md).
 */
function ask<Row>(client: postgres.ISql, { text, asCells }: Text, args: readonly unknown[]): Asked<Row> {
  let rows: Row[] = []
  const query = client.unsafe(text, args as postgres.ParameterOrJSON<never>[], { prepare: true })
  if (asCells) query.raw()
  const pending = query.forEach((row) => void rows.push(row as Row)) as unknown as Pending
  const take = (): Row[] => {
    const taken = rows
    rows = []
    return taken
  }
  return { pending, take }
}

type Run = <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal) => Promise<Row[]>

const sessionOf = (run: Run): Session => ({
  run: (statement, args, signal) => run(statement, statement.bind(args), signal),
  text: (text, args = [], signal) => run({ text }, args, signal),
})

/** One connection, from `begin` to its end. Nothing in it is cancelled: a write that has begun is finished. */
export function session(client: postgres.ISql, contact: Contact): Session {
  const run = async <Row>(text: Text, args: readonly unknown[]): Promise<Row[]> => {
    try {
      const { pending, take } = ask<Row>(client, text, args)
      await pending
      contact.isMade = true
      return take()
    } catch (error) {
      throw translate(error)
    }
  }
  return sessionOf(run)
}

export interface Places {
  /** One of each is taken, in their order. */
  readonly permits: readonly Permits[]
  /** Longest wait for them all: whoever asked has been told by then that it failed. 0 for no bound. */
  readonly waitMs: number
}

/** @throws {AppError} `deadline_exceeded` when the wait was too long; the signal's reason when it aborts before that. */
export async function takeAll({ permits, waitMs }: Places, signal?: AbortSignal): Promise<void> {
  // Made by the first that has to wait: most find their places free.
  let patience: Patience | undefined
  try {
    for (const [index, each] of permits.entries()) {
      if (each.tryTake()) continue
      patience ??= patienceOf(waitMs, signal)
      await each.take(patience.signal).catch((reason: unknown) => {
        for (const taken of permits.slice(0, index)) taken.release()
        throw reason
      })
    }
  } finally {
    patience?.end()
  }
}

interface Patience {
  /** Aborts when the wait was too long, or nobody waits any more. */
  readonly signal: AbortSignal | undefined
  readonly end: () => void
}

// AbortSignal.timeout cannot be called off: a busy pool held thousands of them, each with its timer and its error to come.
function patienceOf(waitMs: number, signal: AbortSignal | undefined): Patience {
  if (waitMs === 0) return { signal, end: nothing }
  const controller = new AbortController()
  const leave = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave)
  const cancel = after(waitMs, () => controller.abort(deadlineExceeded()))
  const end = (): void => {
    cancel()
    signal?.removeEventListener('abort', leave)
  }
  return { signal: controller.signal, end }
}

const nothing = (): void => {}

/**
 * The pool. postgres.js 3.4.9 pipelines on a connection, and forgets that a cancelled query still gets its answer: the
 * rows then went to the queries behind it, to other clients (seen under load: rows read with the columns of another
 * statement). So each query has a connection to itself, and only the one that is being worked on is cancelled.
 */
export function pooledSession(
  client: postgres.Sql,
  contact: Contact,
  places: Places,
  budget: RetryBudget,
): Session {
  const once = async <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> => {
    signal?.throwIfAborted()
    await takeAll(places, signal)
    const { pending, take } = ask<Row>(client, text, args)
    const cancel = (): void => {
      // Where Postgres cannot be reached to cancel it, there is nothing to cancel.
      if (pending.active) pending.canceller?.(pending).catch(() => {})
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      await pending
      contact.isMade = true
      return take()
    } finally {
      signal?.removeEventListener('abort', cancel)
      for (const each of places.permits) each.release()
    }
  }
  const run = async <Row>(text: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> => {
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
  }
  return sessionOf(run)
}
