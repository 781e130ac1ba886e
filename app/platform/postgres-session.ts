/** Runs statements over postgres.js: in the pool, one per connection at a time, or in a transaction. */

import type postgres from 'postgres'
import type { Session } from '#kernel/database.ts'
import type { Permits } from '#kernel/permits.ts'
import { isCancelledFromOutside, translate } from './postgres-errors.ts'

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

const query = (client: postgres.ISql, text: string, args: readonly unknown[]): Pending =>
  client.unsafe(text, args as postgres.ParameterOrJSON<never>[], { prepare: true }) as unknown as Pending

/** One connection, from `begin` to its end. Nothing in it is cancelled: a write that has begun is finished. */
export function session(client: postgres.ISql, contact: Contact): Session {
  const text = async <Row>(asked: string, args: readonly unknown[] = []): Promise<Row[]> => {
    try {
      const rows = (await query(client, asked, args)) as Row[]
      contact.isMade = true
      return rows
    } catch (error) {
      throw translate(error)
    }
  }
  return { text, run: ({ text: asked, bind }, args) => text(asked, bind(args)) }
}

/** One of each, in their order. */
export async function takeAll(permits: readonly Permits[], signal?: AbortSignal): Promise<void> {
  for (const [index, each] of permits.entries()) {
    if (each.tryTake()) continue
    await each.take(signal).catch((reason: unknown) => {
      for (const taken of permits.slice(0, index)) taken.release()
      throw reason
    })
  }
}

/**
 * The pool. postgres.js 3.4.9 pipelines on a connection, and forgets that a cancelled query still gets its answer: the
 * rows then went to the queries behind it, to other clients (seen under load: rows read with the columns of another
 * statement). So each query has a connection to itself, and only the one that is being worked on is cancelled.
 */
export function pooledSession(client: postgres.Sql, contact: Contact, permits: readonly Permits[]): Session {
  const once = async <Row>(asked: string, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> => {
    signal?.throwIfAborted()
    await takeAll(permits, signal)
    const pending = query(client, asked, args)
    const cancel = (): void => {
      // Where Postgres cannot be reached to cancel it, there is nothing to cancel.
      if (pending.active) pending.canceller?.(pending).catch(() => {})
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const rows = (await pending) as Row[]
      contact.isMade = true
      return rows
    } finally {
      signal?.removeEventListener('abort', cancel)
      for (const each of permits) each.release()
    }
  }
  const text = async <Row>(
    asked: string,
    args: readonly unknown[] = [],
    signal?: AbortSignal,
  ): Promise<Row[]> => {
    for (let tries = 1; ; tries++) {
      try {
        return await once<Row>(asked, args, signal)
      } catch (error) {
        // A cancellation names a connection, not a query: it may come when that one works on the next. Nothing of it was done.
        if (tries < 3 && !signal?.aborted && isCancelledFromOutside(error)) continue
        throw translate(error)
      }
    }
  }
  return { text, run: ({ text: asked, bind }, args, signal) => text(asked, bind(args), signal) }
}
