/**
 * Postgres through postgres.js. Drizzle describes the tables and writes the SQL; `statement` compiles a query once,
 * which then runs as a named prepared statement: 131 CPU µs for one row instead of 320 unprepared, 403 through
 * drizzle's relational queries (docs/performance.md).
 */

import { is, Param, Placeholder } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Cell, Database, Session, Statement } from '#kernel/database.ts'
import { RetryBudget, withRetries } from '#kernel/retry.ts'
import { postgresAddress } from './postgres-address.ts'
import { Connection } from './postgres-connection.ts'
import { hasSurelyRolledBack, translate } from './postgres-errors.ts'
import { type Listener, postgresListener } from './postgres-listener.ts'
import { connectionPool, type Lender } from './postgres-pool.ts'
import { inTransaction, pooledSession } from './postgres-session.ts'
import { postgresTypes } from './postgres-types.ts'
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
  /** `receive` is given what is notified on the channel; not what came while the listener was cut off. */
  listen(channel: string, receive: (text: string) => void): Listener
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

export function openPostgres(options: PostgresOptions): Postgres {
  const { url, socket, askPrimary, ...attributes } = postgresAddress(options.url)
  const contact = { isMade: false }
  const settings = {
    ...attributes,
    ...(options.password === undefined ? {} : { password: options.password }),
    connect_timeout: 2,
    onnotice: () => {},
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
    fetch_types: false,
    types: postgresTypes,
  }
  const pool = connectionPool({
    open: () => new Connection({ url, socket, settings, contact }),
    maxConnections: options.maxConnections,
    waitMs: options.statementTimeoutMs,
  })
  const retries = new RetryBudget()
  const retriesOfQueries = new RetryBudget()
  const pooled = (lender: Lender): Session => {
    const single = pooledSession(lender, retriesOfQueries)
    if (attributes.target_session_attrs === undefined) return single
    return {
      run: (query, args, signal) => askPrimary(() => single.run(query, args, signal)),
      text: (query, args, signal) => askPrimary(() => single.text(query, args, signal)),
    }
  }
  const readers = pooled(pool.readers)
  return {
    ...readers,
    autocommit: pooled(pool.writers),
    transaction: async (work) => {
      try {
        return await withRetries(() => inTransaction(pool.writers, work), {
          isRetryable: hasSurelyRolledBack,
          budget: retries,
          after,
        })
      } catch (error) {
        throw translate(error)
      }
    },
    listen: (channel, receive) => postgresListener(channel, receive, { url, socket, settings }),
    isReachable: () => contact.isMade,
    ping: async () => {
      await readers.text('select 1')
    },
    close: () => pool.close(5_000),
  }
}
