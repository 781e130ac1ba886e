/**
 * Finished requests on their way into Postgres: gathered, and written once a second in one statement that waits for no
 * disk. Nothing waits for it either: what finds no room, or cannot be written, is dropped and counted.
 */

import type { Database, Session } from '#kernel/database.ts'
import { deleteInSteps } from './stepped-delete.ts'
import { within } from './within.ts'

export interface RequestRecord {
  /** RFC 3339 UTC. */
  readonly time: string
  readonly requestId: string
  readonly traceId: string
  readonly method: string
  readonly route: string
  readonly path: string
  readonly status: number
  readonly ms: number
  readonly instanceId: string
  readonly tier: string
  readonly userId: number | null
  readonly principal: string
  readonly address: string
  readonly errorCode: string | null
  /** How many requests it stands for. */
  readonly weight: number
}

export interface RequestLog {
  add(record: RequestRecord): void
  /** Since the start. */
  dropped(): number
  start(): void
  /** Writes what is left, if that is possible. */
  close(): Promise<void>
}

export interface RequestLogOptions {
  /** Not behind the breakers: what is only a log must not open one. */
  readonly session: Session
  /** Told why rows could not be written, once until they can be again. */
  readonly failed?: (error: unknown) => void
  readonly everyMs?: number
  readonly maxWaiting?: number
  readonly maxBatch?: number
}

const closeWithinMs = 1_000

const columns = [
  ['time', 'timestamptz'],
  ['requestId', 'text'],
  ['traceId', 'text'],
  ['method', 'text'],
  ['route', 'text'],
  ['path', 'text'],
  ['status', 'smallint'],
  ['ms', 'real'],
  ['instanceId', 'text'],
  ['tier', 'text'],
  ['userId', 'bigint'],
  ['principal', 'text'],
  ['address', 'text'],
  ['errorCode', 'text'],
  ['weight', 'integer'],
] as const satisfies readonly (readonly [keyof RequestRecord, string])[]

const list = (write: (column: (typeof columns)[number]) => string): string => columns.map(write).join(', ')
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

// Set by the statement for the statement: a log that a crash takes the last second of is good enough.
const insert = `insert into request_log (${list(([name]) => snake(name))})
  select ${list(([name]) => `given."${name}"`)}
  from json_to_recordset($1::text::json) as given(${list(([name, type]) => `"${name}" ${type}`)}),
    set_config('synchronous_commit', 'off', true)`

export function requestLog(options: RequestLogOptions): RequestLog {
  const { session, failed = () => {}, everyMs = 1_000, maxWaiting = 2_000, maxBatch = 500 } = options
  let waiting: RequestRecord[] = []
  let lost = 0
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isFailing = false

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch)
      waiting = waiting.slice(maxBatch)
      try {
        await session.text(insert, [JSON.stringify(batch)])
        isFailing = false
      } catch (error) {
        if (!isFailing) failed(error)
        isFailing = true
        // The next ones would fare no better: they are tried with the next second, if there is still room for them.
        lost += batch.length
        return
      }
    }
  }
  const flush = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = undefined
    })
    return writing
  }

  return {
    add(record) {
      if (waiting.length < maxWaiting) waiting.push(record)
      else lost += 1
    },
    dropped: () => lost,
    start: () => {
      timer = setInterval(() => void flush(), everyMs)
      timer.unref()
    },
    close: async () => {
      clearInterval(timer)
      // A database that does not answer must not keep the process.
      await within(closeWithinMs, 'The request log', flush()).catch(() => {})
    },
  }
}

/** Forgets what is older than `hours`, or beyond a bound in number. */
export const forgetOldRequests = (
  database: Pick<Database, 'autocommit'>,
  hours: number,
  step = 5_000,
): Promise<void> => deleteInSteps(database, forget, [hours, maxRows], step)

/** Some 400 MB with its indexes. */
const maxRows = 1_000_000

const forget = `delete from request_log where id in (
    select id from request_log
    where time < now() - make_interval(hours => $1::int) or id <= (select max(id) from request_log) - $2::bigint
    order by time, id limit $3::int for update skip locked)
  returning 1`
