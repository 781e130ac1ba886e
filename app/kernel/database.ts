/** What the rules need of a database: statements compiled once, and transactions. `platform/postgres.ts` is the one there is. */

/** A value as Postgres writes it, in UTF-8. */
export type Cell = Buffer | null

/** A query compiled once: its text, and where each named argument goes. `Row` is what one row of its result looks like. */
export interface Statement<Args extends object, Row> {
  readonly text: string
  readonly bind: (args: Args) => readonly unknown[]
  /** `Row` is its cells, in the order in which they are selected: what is passed on as it came is not made into values. */
  readonly asCells?: boolean
  /** Carries the type; never set. */
  readonly row?: Row
}

/** What runs statements: the pool, or one transaction. @throws {AppError} `dependency_unavailable`, `deadline_exceeded`. */
export interface Session {
  run<Args extends object, Row>(
    statement: Statement<Args, Row>,
    args: Args,
    signal?: AbortSignal,
  ): Promise<Row[]>
  /** For the few queries better written by hand; prepared as well. */
  text<Row>(query: string, args?: readonly unknown[], signal?: AbortSignal): Promise<Row[]>
}

export interface Database extends Session {
  /** Writes without a transaction round them: each statement is one by itself, committed durably when it resolves. */
  readonly autocommit: Session
  /** Runs `work` in one transaction: committed durably when this resolves, rolled back when `work` throws. */
  transaction<T>(work: (transaction: Session) => Promise<T>): Promise<T>
  /** False from a lost connection or an outage until a statement succeeds; what was not asked for a while may be gone all the same. */
  isReachable(): boolean
}
