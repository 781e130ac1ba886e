/** A dependency that is not ours, called behind a breaker: its last good answer stands in while it fails. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { refusals } from '#http/schemas.ts'
import type { Waiter } from '#kernel/deadline.ts'
import { AppError, unavailable } from '#kernel/errors.ts'
import { RetryBudget, withRetries } from '#kernel/retry.ts'
import { asSpan, type Span, type Tracer } from '#kernel/tracing/trace.ts'
import type { Breaker } from '#platform/breaker.ts'
import { after } from '#platform/timers.ts'

export { openFlakyDependency } from './flaky-dependency.ts'

export interface ExternalDeps {
  /** Answers JSON. */
  readonly url: string
  readonly timeoutMs: number
  readonly breaker: Breaker
  readonly tracer: Tracer | undefined
}

const External = Type.Object(
  {
    data: Type.Unsafe<unknown>({
      type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
      additionalProperties: true,
    }),
    source: Type.Union([Type.Literal('live'), Type.Literal('fallback')]),
  },
  { title: 'External' },
)

const isUnavailable = (failure: unknown): boolean =>
  failure instanceof AppError && failure.code === 'dependency_unavailable'

export function external({ url, timeoutMs, breaker, tracer }: ExternalDeps) {
  let lastGood: { data: unknown } | undefined
  const budget = new RetryBudget()

  const call = async (waiting: AbortSignal, span: Span | undefined): Promise<unknown> => {
    const signal = AbortSignal.any([waiting, AbortSignal.timeout(timeoutMs)])
    const answer = await fetch(url, { signal, headers: headersOf(span), redirect: 'error' }).catch(
      (cause) => {
        // A client that went away says nothing about the service.
        waiting.throwIfAborted()
        throw unavailable('The external service', 1, cause)
      },
    )
    if (!answer.ok) {
      // Unread it would keep its connection, until the collector finds it.
      await answer.body?.cancel().catch(() => {})
      throw unavailable('The external service', 1)
    }
    return answer.json()
  }

  const headersOf = (span: Span | undefined): Record<string, string> =>
    tracer === undefined || span === undefined ? {} : { traceparent: tracer.traceparent(span) }

  const attributes = { 'server.address': URL.parse(url)?.host ?? '' }
  const traced = (waiting: AbortSignal): Promise<unknown> =>
    asSpan(tracer, 'external call', attributes, (span) => call(waiting, span))

  // A GET, so it may be asked twice; within the breaker's one call, whose time both share.
  const retried = (signal: AbortSignal): Promise<unknown> =>
    withRetries(() => traced(signal), { isRetryable: isUnavailable, budget, after, tries: 2, signal })

  const read = async (waiter: Waiter) => {
    try {
      lastGood = { data: await breaker.run(() => retried(waiter.workSignal())) }
      return { data: lastGood.data, source: 'live' as const }
    } catch (error) {
      if (!lastGood) throw error
      return { data: lastGood.data, source: 'fallback' as const }
    }
  }

  const routes = (app: FastifyInstance): void => {
    app.get(
      '/api/v1/external',
      {
        config: { public: true },
        schema: {
          summary: 'Ask a dependency that fails now and then',
          tags: ['status'],
          response: { 200: External, ...refusals },
        },
      },
      read,
    )
  }
  return { permissions: [] as const, routes }
}
