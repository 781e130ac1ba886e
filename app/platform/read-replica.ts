/**
 * Reads from a standby (DATABASE_READ_URL) that has caught up, else from the primary: nobody can tell which answered.
 *
 *   where is the primary now? ──▶ has the standby replayed that? ──yes──▶ read there
 *                                          │ no, or it does not answer
 *                                          └──────────────────────────▶ read from the primary
 *
 * Whatever was acknowledged before a read began is in what it reads. So callers read their own writes, and what is put
 * into the cache after an invalidation is never older than it (P3), however far the standby lags. The price is a
 * question to each server that touches no table, one a turn of the event loop, however many reads share it.
 */

import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Session } from '#kernel/database.ts'
import { AppError, unavailable } from '#kernel/errors.ts'
import { within } from './within.ts'

/** A place in the log of a cluster. After a failover another timeline branches off: places of two cannot be compared. */
interface Position {
  readonly timeline: number
  readonly bytes: number
}

const primaryPosition = `
  select ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int as timeline,
    pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::float8 as bytes`

const standbyPosition = `
  select timeline_id as timeline, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::float8 as bytes
  from pg_control_checkpoint()`

export interface ReadReplicaOptions {
  readonly primary: Database
  readonly standby: Session
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** How long a standby that failed is left alone. */
  readonly pauseMs?: number
}

export function withReadReplica({ primary, standby, now, pauseMs = 1_000 }: ReadReplicaOptions): Database {
  const askPrimary = sharedInTurn(() => positionOf(primary, primaryPosition))
  const askStandby = sharedInTurn(() => inTime((signal) => positionOf(standby, standbyPosition, signal)))
  let pausedUntil = Number.NEGATIVE_INFINITY

  async function hasCaughtUp(): Promise<boolean> {
    const wanted = await askPrimary()
    for (let looks = 1; looks <= catchUpLooks; looks += 1) {
      const { timeline, bytes } = await askStandby()
      if (timeline === wanted.timeline && bytes >= wanted.bytes) return true
      await pause(catchUpMs)
    }
    return false
  }

  const read = async <T>(ask: (server: Session) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (now() < pausedUntil) return ask(primary)
    try {
      if (await hasCaughtUp()) return await ask(standby)
    } catch (error) {
      signal?.throwIfAborted()
      // What the statement itself did wrong it would do wrong on the primary too.
      if (!(error instanceof AppError) || error.code !== 'dependency_unavailable') throw error
      pausedUntil = now() + pauseMs
    }
    return ask(primary)
  }

  return {
    ...primary,
    text: (query, args, signal) => read((server) => server.text(query, args, signal), signal),
    run: (statement, args, signal) => read((server) => server.run(statement, args, signal), signal),
  }
}

// A standby follows within a few milliseconds. One that does not in this time is not worth waiting for.
const catchUpLooks = 3
const catchUpMs = 4

/** One that hangs is as good as one that is away: reads must not wait for it until their breaker opens. */
async function inTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await within(standbyAnswersMs, 'The standby', ask(AbortSignal.timeout(standbyAnswersMs)))
  } catch (cause) {
    throw unavailable('The standby', 1, cause)
  }
}

const standbyAnswersMs = 500

async function positionOf(session: Session, query: string, signal?: AbortSignal): Promise<Position> {
  const [row] = await session.text<Position>(query, [], signal)
  return row ?? { timeline: 0, bytes: 0 }
}

/** One call for all who ask in this turn; never one that had begun before somebody asked. */
function sharedInTurn<T>(call: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined
  return () => {
    next ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        next = undefined
        call().then(resolve, reject)
      })
    })
    return next
  }
}
