/**
 * The connections of one process, each lent to one statement or one transaction at a time. postgres.js pipelines, and
 * forgets (3.4.9) that a cancelled query still gets its answer: the rows then went to the queries behind it, to other
 * clients (seen under load: rows read with the columns of another statement).
 */

import { deadlineExceeded } from '#kernel/deadline.ts'
import { Permits } from '#kernel/permits.ts'
import { type Connection, connectionLost } from './postgres-connection.ts'
import { after } from './timers.ts'
import { within } from './within.ts'

export interface PoolOptions {
  readonly open: () => Connection
  readonly maxConnections: number
  /** Longest wait for one, in ms: whoever asked has been told by then that it failed. 0 for no bound. */
  readonly waitMs: number
}

/** One of the pool's doors: who comes by it waits for the others there. */
export interface Lender {
  /** @throws {AppError} `deadline_exceeded` when the wait was too long; the signal's reason when it aborts before that. */
  borrow(signal?: AbortSignal): Promise<Connection>
  /** Owed for each that was borrowed, whatever has become of it. */
  giveBack(connection: Connection): void
}

export interface ConnectionPool {
  readonly readers: Lender
  /** Writes wait for each other's locks: however many do, some connections are left for reads. */
  readonly writers: Lender
  /** Lends no more, and resolves when all are closed: those that are lent once they are back, in so many ms at most. */
  close(patienceMs: number): Promise<void>
}

const writersShare = 0.7

export function connectionPool({ open, maxConnections, waitMs }: PoolOptions): ConnectionPool {
  const places = new Permits(maxConnections)
  const writing = new Permits(Math.max(1, Math.ceil(maxConnections * writersShare)))
  const lent: Connection[] = []
  // Options that nobody can connect with are told of at once.
  const idle = [open()]
  const back = Promise.withResolvers<void>()
  let isClosed = false

  const next = (): Connection => {
    // The one used last; those that broke meanwhile are left aside.
    for (let known = idle.pop(); known !== undefined; known = idle.pop()) if (!known.isOver) return known
    return open()
  }

  const lender = (permits: readonly Permits[]): Lender => ({
    async borrow(signal) {
      await takeAll(permits, waitMs, signal)
      try {
        if (isClosed) throw connectionLost()
        const connection = next()
        lent.push(connection)
        return connection
      } catch (error) {
        releaseAll(permits)
        throw error
      }
    },
    giveBack(connection) {
      lent.splice(lent.indexOf(connection), 1)
      if (!connection.isOver) idle.push(connection)
      releaseAll(permits)
      if (isClosed && lent.length === 0) back.resolve()
    },
  })

  return {
    readers: lender([places]),
    writers: lender([writing, places]),
    async close(patienceMs) {
      isClosed = true
      // Those that take longer fail with their connections.
      if (lent.length > 0) await within(patienceMs, 'The last statements', back.promise).catch(() => {})
      await Promise.all([...lent, ...idle].map((each) => each.end()))
    },
  }
}

const releaseAll = (permits: readonly Permits[]): void => {
  for (const each of permits) each.release()
}

/** One of each, in their order. */
async function takeAll(permits: readonly Permits[], waitMs: number, signal?: AbortSignal): Promise<void> {
  // Made by the first that has to wait: most find their places free.
  let patience: Patience | undefined
  try {
    for (const [index, each] of permits.entries()) {
      if (each.tryTake()) continue
      patience ??= patienceOf(waitMs, signal)
      await each.take(patience.signal).catch((reason: unknown) => {
        releaseAll(permits.slice(0, index))
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
