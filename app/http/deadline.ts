/**
 * One budget of time per request, which begins when the edge has read it. What is answered within its turn of the event
 * loop, as all cached reads are, costs nothing; the others share one timer. When the time is over, or the client gone, the
 * work is cancelled; what comes too late is not begun.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { budgetMs, deadlineExceeded } from '#kernel/deadline.ts'
import type { Room } from './rooms.ts'

export interface DeadlineDeps {
  readonly timeoutMs: number
  /** Monotonic milliseconds, of the clock that `startedAt` is told by. */
  readonly now: () => number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Nobody waits for the answer any more. */
    isOver: boolean
    /** Monotonic milliseconds. */
    endsAt: number
    work: AbortController | undefined
    /** Aborts when nobody waits any more. */
    workSignal(): AbortSignal
  }
}

const lookEveryMs = 20

/** Beyond the budget (GATEWAY_READ_TIMEOUT). */
const gatewayWaitsMs = 10_000

interface Open {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export function deadline(app: FastifyInstance, { timeoutMs, now }: DeadlineDeps): Room {
  const open = new Set<Open>()
  let timer: NodeJS.Timeout | undefined

  const end = (request: FastifyRequest): void => {
    request.isOver = true
    request.work?.abort(deadlineExceeded())
  }

  const look = (): void => {
    for (const each of open) {
      const { request, reply } = each
      if (!reply.sent && !request.isOver && now() < request.endsAt) continue
      open.delete(each)
      if (reply.sent || request.isOver) continue
      end(request)
      reply.send(deadlineExceeded())
    }
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  app.decorateRequest('workSignal', function (this: FastifyRequest): AbortSignal {
    this.work ??= new AbortController()
    if (this.isOver) this.work.abort(deadlineExceeded())
    return this.work.signal
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    done()
  })
  return {
    enter(request) {
      const asked = request.headers['x-request-timeout-ms']
      const budget = budgetMs(typeof asked === 'string' ? asked : undefined, timeoutMs)
      // Who waited longer than the gateway does is told so by a clock that is wrong.
      const waitedMs = request.waitedMs < timeoutMs + gatewayWaitsMs ? request.waitedMs : 0
      request.endsAt = request.startedAt + budget - waitedMs
      // What costs nothing, health and metrics, must answer at any time.
      return waitedMs < budget || request.rules.cost === 0 ? undefined : deadlineExceeded()
    },
    linger(request, reply) {
      open.add({ request, reply })
      timer ??= setInterval(look, lookEveryMs)
    },
    abandoned: end,
  }
}
