/** Last room: counts each answer and writes its line. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ErrorCode } from '#kernel/errors.ts'
import { anonymous, callerOf, tiers } from '#kernel/principal.ts'
import type { RequestCounts } from '#kernel/request-counts.ts'
import type { RequestTracing } from '#kernel/tracing/kept-traces.ts'
import type { Trace } from '#kernel/tracing/trace.ts'
import { traceIdOf } from '#kernel/tracing/trace-context.ts'
import { newRequestId } from './identify.ts'
import type { Room } from './rooms.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Monotonic milliseconds. */
    startedAt: number
    /** Its line is written: an answer that breaks off may end twice. */
    isObserved: boolean
    /** Counts it as answered before it ends: a stream that stays open for hours is no slow answer. */
    observed(status: number): void
    /** Code of the problem it is refused with. */
    errorCode: ErrorCode | undefined
    /** Undefined where tracing is off. */
    trace: Trace | undefined
  }
  interface FastifyContextConfig {
    /** The route's place in the counts. */
    countsIndex?: number
    /** Asked several times a second by whoever watches this process: told of only when it is not well. */
    isProbe?: true
  }
}

/** What is told of one request; the line of the log is made of it. */
export interface Answered {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly principal: string
  readonly tier: string
  /** 0 for nobody known. */
  readonly userId: number
  readonly clientAddress: string
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** Of the problem it was refused with. */
  readonly errorCode: string | undefined
}

export interface ObserveDeps {
  readonly counts: RequestCounts
  readonly log: (answered: Answered) => void
  /** Is told the code of each refusal, to count it. */
  readonly refused?: (code: ErrorCode) => void
  /** Undefined: off, and then nothing of it is on the way of a request. */
  readonly tracing?: RequestTracing | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
}

const tierIndex = new Map<string, number>(tiers.map((tier, index) => [tier, index]))

export function observe(
  app: FastifyInstance,
  { counts, log, refused = () => {}, tracing, now }: ObserveDeps,
): Room {
  const unrouted = counts.addRoute('none')
  const indexes = new Map<string, number>()

  app.addHook('onRoute', (route) => {
    const method = String(route.method)
    const index = indexes.get(`${method} ${route.url}`) ?? counts.addRoute(route.url, method)
    indexes.set(`${method} ${route.url}`, index)
    route.config = { ...route.config, countsIndex: index }
  })

  if (tracing !== undefined) {
    // A body is read in the context of its connection: from here on it is the request's again.
    app.addHook('preValidation', (request, _reply, done) => {
      if (request.trace !== undefined && request.body !== undefined) tracing.enter(request.trace)
      done()
    })
  }

  const finished = (request: FastifyRequest, status: number): void => {
    if (request.isObserved) return
    request.isObserved = true
    // A request refused before the first room has no rules.
    const rules = request.rules ?? request.routeOptions.config
    // A request that was refused early never came past the rooms before.
    const principal = request.principal ?? anonymous
    const durationMs = now() - request.startedAt
    if (request.errorCode !== undefined) refused(request.errorCode)
    counts.finished(rules.countsIndex ?? unrouted, tierIndex.get(principal.tier) ?? 0, status, durationMs)
    if (rules.isProbe && status === 200) return
    const query = request.url.indexOf('?')
    const { trace } = request
    const answered: Answered = {
      requestId: request.id,
      method: request.method,
      path: query === -1 ? request.url : request.url.slice(0, query),
      route: rules.url ?? 'none',
      status,
      durationMs,
      principal: callerOf(principal),
      tier: principal.tier,
      userId: principal.userId,
      clientAddress: request.clientAddress,
      traceId: trace?.id ?? traceIdOf(traceparentOf(request), request.id) ?? newRequestId(),
      errorCode: request.errorCode,
    }
    log(answered)
    if (trace !== undefined) tracing?.finish(trace, answered, rules.countsIndex ?? unrouted)
  }

  app.decorateRequest('observed', function (this: FastifyRequest, status: number): void {
    finished(this, status)
  })
  return {
    enter(request) {
      request.startedAt = now()
      counts.started()
      if (tracing === undefined) return undefined
      request.trace = tracing.open(request.startedAt, traceparentOf(request), request.id)
      tracing.enter(request.trace)
      return undefined
    },
    answered: (request, reply) => finished(request, reply.statusCode),
    // Without this whoever hangs up early would be in flight for ever.
    abandoned: (request) => finished(request, clientClosed),
  }
}

const traceparentOf = ({ headers }: FastifyRequest): string | undefined =>
  headers.traceparent as string | undefined

/** What nginx calls a request whose client went away. */
const clientClosed = 499
