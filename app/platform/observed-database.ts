/** Counts what Postgres is asked, and notes it in the trace of the request: by statement, never by its values. */

import type { CallCounts } from '#kernel/call-counts.ts'
import type { Database, Session } from '#kernel/database.ts'
import type { Attributes, Span, Tracer } from '#kernel/tracing/trace.ts'
import { isRefusal } from './guarded-database.ts'

export interface ObservedOptions {
  readonly calls: CallCounts
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly tracer: Tracer | undefined
}

/** `statement` is one within a transaction, whose connection is counted already. */
export const postgresCallKinds = ['read', 'write', 'transaction', 'statement'] as const
type Kind = (typeof postgresCallKinds)[number]

export function observedDatabase(database: Database, { calls, now, tracer }: ObservedOptions): Database {
  const observed = async <T>(kind: Kind, query: string | undefined, call: () => Promise<T>): Promise<T> => {
    const startedAt = now()
    const span = tracer && begin(tracer, query)
    if (kind !== 'statement') calls.started()
    let hasFailed = false
    try {
      return await (span === undefined || tracer === undefined ? call() : tracer.within(span, call))
    } catch (error) {
      hasFailed = !isRefusal(error)
      throw error
    } finally {
      const tookMs = now() - startedAt
      if (kind === 'statement') calls.counted(kind, tookMs, hasFailed)
      else calls.finished(kind, tookMs, hasFailed)
      tracer?.end(span, hasFailed)
    }
  }
  const session = (of: Session, kind: Kind): Session => ({
    run: (statement, args, signal) => observed(kind, statement.text, () => of.run(statement, args, signal)),
    text: (query, args, signal) => observed(kind, query, () => of.text(query, args, signal)),
  })

  return {
    ...database,
    ...session(database, 'read'),
    autocommit: session(database.autocommit, 'write'),
    transaction: (work) =>
      observed('transaction', undefined, () =>
        database.transaction((within) => work(session(within, 'statement'))),
      ),
  }
}

interface Summary {
  readonly name: string
  readonly attributes: Attributes
}

function begin(tracer: Tracer, query: string | undefined): Span | undefined {
  const { name, attributes } = query === undefined ? transaction : summaryOf(query)
  return tracer.begin(name, attributes)
}

const transaction: Summary = {
  name: 'postgres transaction',
  attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'TRANSACTION' },
}

// Texts are few, but for the listings, whose filters combine: those beyond this are summed up anew each time.
const maxSummaries = 1_000
const summaries = new Map<string, Summary>()

/** Without what stands in parentheses: subqueries name tables of their own. */
function withoutParts(query: string): string {
  const outer = query.replace(/\([^()]*\)/g, ' ')
  return outer === query ? query : withoutParts(outer)
}

/** `select items`: the verb and the first table. A statement's text has places for its values, not the values. */
export function summaryOf(query: string): Summary {
  const known = summaries.get(query)
  if (known !== undefined) return known
  const outer = withoutParts(query)
  const verb = /\b(select|insert|update|delete)\b/i.exec(outer)?.[1]?.toLowerCase() ?? 'query'
  const table = /\b(?:from|into|update)\s+"?([a-z_]+)/i.exec(outer)?.[1]
  const summary = table === undefined ? verb : `${verb} ${table}`
  const made = {
    name: `postgres ${summary}`,
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.summary': summary,
      'db.query.text': query.replace(/\s+/g, ' ').trim().slice(0, 500),
    },
  }
  if (summaries.size < maxSummaries) summaries.set(query, made)
  return made
}
