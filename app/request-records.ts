/** What is kept of each finished request: its line in the log, and for some a row that an admin can search for. */

import type { Answered } from '#http/observe.ts'
import type { Session } from '#kernel/database.ts'
import { RequestSampler } from '#kernel/sampling.ts'
import type { LineWriter } from '#platform/line-writer.ts'
import { requestLine } from '#platform/logger.ts'
import { counter, type Metric } from '#platform/metric.ts'
import { type RequestRecord, requestLog } from '#platform/request-log.ts'
import type { Config } from './config.ts'

export interface RequestRecordsDeps {
  readonly config: Config
  readonly logger: {
    isLevelEnabled(level: string): boolean
    warn(details: object, message: string): void
  }
  readonly lines: LineWriter
  readonly session: Session
}

export interface RequestRecords {
  add(answered: Answered): void
  readonly metrics: readonly Metric[]
  start(): void
  close(): Promise<void>
}

export function requestRecords({ config, logger, lines, session }: RequestRecordsDeps): RequestRecords {
  const { INSTANCE_ID: instanceId, REQUEST_LOG_PER_SECOND: kept } = config
  const slowMs = config.TRACE_SLOW_MS
  const ofLines = new RequestSampler({ perSecond: config.LOG_SUCCESSES_PER_SECOND, slowMs })
  const ofRows = new RequestSampler({
    perSecond: Math.max(1, kept),
    notablePerSecond: Math.max(1, kept) * notableFactor,
    slowMs,
  })
  const log = requestLog({
    session,
    failed: (error) => logger.warn({ err: error }, 'requests are missing from the request log'),
  })
  let timer: NodeJS.Timeout | undefined

  return {
    add(answered) {
      if (logger.isLevelEnabled('info')) {
        const weight = ofLines.weightOf(answered)
        if (weight > 0) lines.write(requestLine(instanceId, answered, weight))
      }
      if (kept === 0) return
      const weight = ofRows.weightOf(answered)
      if (weight > 0) log.add(recordOf(instanceId, answered, weight))
    },
    metrics: [
      counter('sluice_request_log_dropped_total', 'Requests that /admin/requests will not find', log.dropped),
    ],
    start: () => {
      log.start()
      timer = setInterval(() => {
        ofLines.tick()
        ofRows.tick()
      }, 1_000)
      timer.unref()
    },
    close: async () => {
      clearInterval(timer)
      await log.close()
    },
  }
}

/** An overload fails and delays thousands a second: no more rows than the chore that forgets them takes away again. */
const notableFactor = 10

const recordOf = (instanceId: string, answered: Answered, weight: number): RequestRecord => ({
  time: new Date().toISOString(),
  requestId: answered.requestId,
  traceId: answered.traceId,
  method: answered.method,
  route: answered.route,
  path: printable(answered.path),
  status: answered.status,
  ms: Math.round(answered.durationMs * 100) / 100,
  instanceId,
  tier: answered.tier,
  userId: answered.userId === 0 ? null : answered.userId,
  principal: answered.principal,
  address: answered.clientAddress,
  errorCode: answered.errorCode ?? null,
  weight,
})

/** A client chooses it: nothing that a database refuses, and not without end. */
const printable = (path: string): string => path.slice(0, 500).replaceAll(/[^\x20-\x7e]/g, '?')
