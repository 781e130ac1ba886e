/**
 * Postgres through postgres.js. Drizzle describes the tables and writes the SQL; `statement` compiles a query once,
 * which then runs as a named prepared statement: 131 CPU µs for one row instead of 320 unprepared, 403 through
 * drizzle's relational queries (docs/performance.md).
 */

import { is, Param, Placeholder } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Cell, Database, Session, Statement } from '#kernel/database.ts'
import { Permits } from '#kernel/permits.ts'
import { RetryBudget, withRetries } from '#kernel/retry.ts'
import { postgresAddress } from './postgres-address.ts'
import { hasSurelyRolledBack, translate } from './postgres-errors.ts'
import { type Places, pooledSession, session, takeAll } from './postgres-session.ts'
import { after } from './timers.ts'

/** Writes SQL, runs none: sharing the client with drizzle would change how the client reads dates. */
export const build = drizzle.mock()

interface Compilable {
  toSQL(): { sql: string; params: unknown[] }
}

/** Compiles a drizzle query whose variable parts are `sql.placeholder('name')`; each name is a member of `Args`. */
export function statement<Args extends object, Row>(query: Compilable): Statement<Args, Row> {
  const { sql: text, params } = query.toSQL()
  // Values are bound as they are: postgres.js encodes them by the type that Postgres names for each place.
  const slots = params.map((param) => {
    const inner = is(param, Param) ? param.value : param
    return is(inner, Placeholder) ? String(inner.name) : undefined
  })
  return {
    text,
    bind: (args) =>
      slots.map((slot, index) =>
        slot === undefined ? params[index] : (args as Record<string, unknown>)[slot],
      ),
  }
}

/** The same, whose rows are read as cells. */
export const asCells = <Args extends object>({
  text,
  bind,
}: Statement<Args, unknown>): Statement<Args, readonly Cell[]> => ({ text, bind, asCells: true })

/** The pool of one process. */
export interface Postgres extends Database {
  readonly client: postgres.Sql
  ping(): Promise<void>
  close(): Promise<void>
}

export interface PostgresOptions {
  readonly url: string
  readonly password?: string
  readonly maxConnections: number
  /** Also how long a connection is waited for. 0 for no bound. */
  readonly statementTimeoutMs: number
  readonly name: string
  /** The role to act as; the one that signed in unless given. */
  readonly role?: string
}

// `2026-11-20 20:11:15.123+00` is RFC 3339 but for two places. Kept as text: a Date would cost and lose microseconds. A page
// is written by the same rule from its bytes (cells.ts).
const rfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`

const writersShare = 0.7

export function openPostgres(options: PostgresOptions): Postgres {
  const { url, askPrimary, ...place } = postgresAddress(options.url)
  const contact = { isMade: false }
  const client = postgres(url, {
    ...place,
    ...(options.password === undefined ? {} : { password: options.password }),
    max: options.maxConnections,
    connect_timeout: 2,
    idle_timeout: 0,
    max_lifetime: null,
    backoff: (attempt: number) => Math.random() * Math.min(2 ** attempt * 0.05, 1),
    onnotice: () => {},
    onclose: () => {
      contact.isMade = false
    },
    connection: {
      application_name: options.name,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs * 2,
      TimeZone: 'UTC',
      // How much of a word's trigrams a misspelt one has to share: two letters exchanged in a short word leave half.
      'pg_trgm.word_similarity_threshold': '0.45',
      ...(options.role === undefined ? {} : { role: options.role }),
    },
    transform: { column: { from: postgres.toCamel } },
    types: {
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      timestamptz: { to: 1184, from: [1184], parse: rfc3339, serialize: String },
    },
  })
  const retries = new RetryBudget()
  const retriesOfQueries = new RetryBudget()
  const permits = new Permits(options.maxConnections)
  // Writes wait for each other's locks: however many do, some connections are left for reads.
  const writing = new Permits(Math.max(1, Math.ceil(options.maxConnections * writersShare)))
  const placesOf = (...all: readonly Permits[]): Places => ({
    permits: all,
    waitMs: options.statementTimeoutMs,
  })
  const pooled = (places: Places): Session => {
    const single = pooledSession(client, contact, places, retriesOfQueries)
    if (place.socket === undefined) return single
    return {
      run: (query, args, signal) => askPrimary(() => single.run(query, args, signal)),
      text: (query, args, signal) => askPrimary(() => single.text(query, args, signal)),
    }
  }
  const pool = pooled(placesOf(permits))
  const placesOfWriter = placesOf(writing, permits)
  return {
    ...pool,
    autocommit: pooled(placesOfWriter),
    client,
    transaction: async (work) => {
      await takeAll(placesOfWriter)
      const once = () => client.begin((transaction) => work(session(transaction, contact)))
      try {
        return (await withRetries(once, {
          isRetryable: hasSurelyRolledBack,
          budget: retries,
          after,
        })) as Awaited<ReturnType<typeof work>>
      } catch (error) {
        throw translate(error)
      } finally {
        permits.release()
        writing.release()
      }
    },
    isReachable: () => contact.isMade,
    ping: async () => {
      await pool.text('select 1')
    },
    close: () => client.end({ timeout: 5 }),
  }
}
