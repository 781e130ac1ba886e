/** Spends from the bucket of whoever asks: the principal's, or the address's of somebody unknown. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '#kernel/errors.ts'
import type { Limiter, Policy, Verdict } from '#kernel/limiter/policy.ts'
import type { Tier } from '#kernel/principal.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'

export interface RateLimitDeps {
  readonly limiter: Limiter
  readonly policies: Readonly<Record<Tier, Policy>>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Tokens one request spends; 1 under /api/ unless said otherwise, 0 for what must answer at any time. */
    cost?: number
  }
}

export function rateLimit(app: FastifyInstance, { limiter, policies }: RateLimitDeps): void {
  app.addHook('onRoute', (route) => {
    const cost = route.config?.cost ?? (route.url.startsWith('/api/') ? 1 : 0)
    route.config = { ...route.config, cost }
  })

  app.addHook('onRequest', (request, reply, done) => {
    const cost = request.routeOptions.config.cost ?? costOfUnknown(request)
    if (cost === 0) return done()
    const { principal } = request
    const key = principal.bucket === '' ? `ip:${request.clientAddress}` : principal.bucket
    const verdict = limiter.take(key, policies[principal.tier], cost)
    if ('isAllowed' in verdict) return done(apply(reply, verdict))
    verdict.then((settled) => done(apply(reply, settled)), done)
  })
}

const costOfUnknown = (request: FastifyRequest): number => (request.url.startsWith('/api/') ? 1 : 0)

function apply(reply: FastifyReply, verdict: Verdict): AppError | undefined {
  rateLimitHeaders(reply, verdict)
  if (verdict.isAllowed) return undefined
  return new AppError('rate_limited', {
    detail: `The quota of tier ${verdict.policy.name} is spent.`,
    retryAfterSeconds: verdict.retryAfterSeconds,
  })
}
