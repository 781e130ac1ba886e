/** JSON log lines in pino's format: pino for what happens now and then, `requestLine` for the line each request gets. */

import { pino } from 'pino'
import { redacted } from './redact.ts'

/** `instanceId` stands in every line; secrets never do (redact.ts). */
export const openLogger = (level: string, instanceId: string) =>
  pino({
    level,
    base: { instanceId },
    formatters: { log: (details) => redacted(details) as Record<string, unknown> },
    serializers: { err: (error) => redacted(pino.stdSerializers.err(error)) },
  })

export type Logger = ReturnType<typeof openLogger>

export interface RequestLine {
  readonly requestId: string
  readonly method: string
  /** Without its query, which may hold anything. */
  readonly path: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly principal: string
  readonly clientAddress: string
  /** 32 hexadecimal digits: the gateway's line and the trace have the same. */
  readonly traceId: string
}

/** How many requests a line stands for, where not each has its own. */
const sampled = (weight: number): string => (weight === 1 ? '' : `"sampled":${weight},`)

/** One line at level info (30), its strings escaped where a client can choose them. */
export function requestLine(instanceId: string, line: RequestLine, weight = 1): string {
  return (
    `{"level":30,"time":${Date.now()},"instanceId":"${instanceId}","requestId":"${line.requestId}",` +
    `"method":"${line.method}","path":${JSON.stringify(line.path)},"route":"${line.route}","status":${line.status},` +
    `"durationMs":${line.durationMs.toFixed(2)},"principal":"${line.principal}",` +
    `"clientAddress":"${line.clientAddress}","traceId":"${line.traceId}",${sampled(weight)}"msg":"request"}\n`
  )
}
