/** Finds logged requests, the newest first: one statement for each set of filters that is really asked for. */

import { decodeCursor, encodeCursor } from '#kernel/cursor.ts'
import type { Session } from '#kernel/database.ts'
import type { LoggedRequest, RequestQuery } from './requests.schemas.ts'

type Filter = Exclude<keyof RequestQuery, 'limit' | 'cursor'>

const conditions: Readonly<Record<Filter, string>> = {
  status: 'status = ?::int',
  minStatus: 'status >= ?::int',
  method: 'method = ?',
  route: 'route = ?',
  requestId: 'request_id = ?',
  traceId: 'trace_id = ?',
  userId: 'user_id = ?::bigint',
  instanceId: 'instance_id = ?',
  errorCode: 'error_code = ?',
  minMs: 'ms >= ?::real',
  from: 'time >= ?::timestamptz',
  to: 'time < ?::timestamptz',
}
const filters = Object.keys(conditions) as Filter[]

const columns = `id, time, request_id, trace_id, method, route, path, status, ms, instance_id, tier, user_id, principal,
  address, error_code, weight`
const sort = '-time'

export interface RequestPage {
  readonly data: LoggedRequest[]
  readonly nextCursor: string | null
}

/** @throws {AppError} `bad_cursor`. */
export async function findRequests(
  session: Session,
  query: RequestQuery,
  signal: AbortSignal,
): Promise<RequestPage> {
  const args: unknown[] = []
  const bound = (condition: string, ...values: unknown[]): string =>
    condition.replaceAll('?', () => `$${args.push(values.shift())}`)
  const where = filters
    .filter((name) => query[name] !== undefined)
    .map((name) => bound(conditions[name], query[name]))
  if (query.cursor !== undefined) {
    const { value, id } = decodeCursor(query.cursor, sort)
    where.push(bound('(time, id) < (?::timestamptz, ?::bigint)', value, id))
  }
  const text = `select ${columns} from request_log ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
    order by time desc, id desc limit ${bound('?::int', query.limit + 1)}`
  const data = await session.text<LoggedRequest>(text, args, signal)
  if (data.length <= query.limit) return { data, nextCursor: null }
  data.pop()
  const last = data.at(-1) as LoggedRequest
  return { data, nextCursor: encodeCursor({ sort, value: last.time, id: last.id }) }
}
