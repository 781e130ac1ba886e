/** Finds writes that go where reads go: behind the breaker of reads, and to a standby where there is one. */

import type { Database, Session } from '#kernel/database.ts'
import type { Scope } from './scope.ts'

const writes = /\b(insert into|update \w+ set|delete from)\b/i

/** `database`, and at the end of the test a failure if it was sent a write that was neither in a transaction nor by `autocommit`. */
export function withoutStrayWrites(t: Scope, database: Database): Database {
  const stray: string[] = []
  t.teardown(() => {
    if (stray.length > 0) throw new Error(`writes on the way of reads:\n${stray.join('\n')}`)
  })
  const watched = (query: string): string => {
    if (writes.test(query)) stray.push(query)
    return query
  }
  const text: Session['text'] = (query, args, signal) => database.text(watched(query), args, signal)
  return {
    ...database,
    text,
    run: (statement, args, signal) => {
      watched(statement.text)
      return database.run(statement, args, signal)
    },
  }
}
