/**
 * One budget of time per request, which begins when the edge has read it. What is answered within its turn of the event
 * loop, as all cached reads are, costs nothing; the others share one timer. When the time is over, or the client gone, the
 * work is cancelled; what comes too late is not begun.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { budgetMs, deadlineExceeded } from '#kernel/deadline.ts'
import { type Links, Recency, unlinked } from '#kernel/recency.ts'
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
    /** Set while it takes more than a turn. */
    lingering: Lingering | undefined
    /** Aborts when nobody waits any more. */
    workSignal(): AbortSignal
  }
}

const lookEveryMs = 20

/** Beyond the budget (GATEWAY_READ_TIMEOUT). */
const gatewayWaitsMs = 10_000

interface Lingering extends Links<Lingering> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export function deadline(app: FastifyInstance, { timeoutMs, now }: DeadlineDeps): Room {
  const open = new Recency<Lingering>()
  let timer: NodeJS.Timeout | undefined

  const end = (request: FastifyRequest): void => {
    request.isOver = true
    request.work?.abort(deadlineExceeded())
  }

  const leave = (request: FastifyRequest): void => {
    const { lingering } = request
    if (lingering === undefined) return
    request.lingering = undefined
    open.remove(lingering)
  }

  const look = (): void => {
    for (const { request, reply } of open) {
      if (!reply.sent && now() < request.endsAt) continue
      leave(request)
      if (reply.sent) continue
      end(request)
      reply.send(deadlineExceeded())
    }
    if (open.oldest !== undefined) return
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
      request.lingering = { request, reply, ...unlinked }
      open.add(request.lingering)
      timer ??= setInterval(look, lookEveryMs)
    },
    answered: leave,
    abandoned(request) {
      leave(request)
      end(request)
    },
  }
}
