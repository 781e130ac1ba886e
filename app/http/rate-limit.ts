/** Spends from the bucket of whoever asks, the principal's or the address's of somebody unknown, and from the route's own. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '#kernel/errors.ts'
import { type Part, takeAll } from '#kernel/limiter/combine.ts'
import type { Limiter, Policy, Verdict } from '#kernel/limiter/policy.ts'
import type { Principal, Tier } from '#kernel/principal.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import type { Room } from './rooms.ts'

export interface RateLimitDeps {
  readonly limiter: Limiter
  readonly policies: Readonly<Record<Tier, Policy>>
  /** Is told of every verdict, to count it. */
  readonly decided?: (verdict: Verdict) => void
}

/** A limit of a route besides the tier's: the tightest of all answers, and none is spent when one refuses. */
export interface RouteLimit {
  /** Routes that name the same policy share its buckets. */
  readonly policy: Policy
  readonly per: 'principal' | 'address'
}

declare module 'fastify' {
  interface FastifyContextConfig {
    limits?: readonly RouteLimit[]
    /** Tokens one request spends; 1 under /api/ unless said otherwise, 0 for what must answer at any time. */
    cost?: number
  }
}

export function rateLimit(
  app: FastifyInstance,
  { limiter, policies, decided = nothing }: RateLimitDeps,
): Room {
  const apply = (reply: FastifyReply, verdict: Verdict): AppError | undefined => {
    decided(verdict)
    return refusalOf(reply, verdict)
  }

  app.addHook('onRoute', (route) => {
    const cost = route.config?.cost ?? (route.url.startsWith('/api/') ? 1 : 0)
    route.config = { ...route.config, cost }
  })

  return {
    enter(request, reply) {
      const config = request.rules
      const cost = config.cost ?? costOfUnknown(request)
      if (cost === 0) return request.refusedFor
      const { principal } = request
      const key = principal.bucket === '' ? addressOf(request) : principal.bucket
      const policy = principal.own?.policy ?? policies[principal.tier]
      const verdict =
        config.limits === undefined && principal.own === undefined
          ? limiter.take(key, policy, cost)
          : takeAll(limiter, [
              { key, policy, cost },
              ...partsOf(config.limits ?? [], request, key),
              ...(principal.own === undefined ? [] : [accountPart(principal.own, cost)]),
            ])
      if ('isAllowed' in verdict) return apply(reply, verdict) ?? request.refusedFor
      return verdict.then((settled) => apply(reply, settled) ?? request.refusedFor)
    },
  }
}

const nothing = (): void => {}

const addressOf = (request: FastifyRequest): string => `ip:${request.clientAddress}`

/** One each: what a request weighs on its tier says nothing about a limit made for this route. */
const partsOf = (limits: readonly RouteLimit[], request: FastifyRequest, principal: string): Part[] =>
  limits.map(({ policy, per }) => ({
    key: per === 'address' ? addressOf(request) : principal,
    policy,
    cost: 1,
  }))

/** Many keys with limits of their own spend no more together than their account may. */
const accountPart = (
  { accountBucket, accountPolicy }: NonNullable<Principal['own']>,
  cost: number,
): Part => ({
  key: accountBucket,
  policy: accountPolicy,
  cost,
})

const costOfUnknown = (request: FastifyRequest): number => (request.url.startsWith('/api/') ? 1 : 0)

function refusalOf(reply: FastifyReply, verdict: Verdict): AppError | undefined {
  rateLimitHeaders(reply, verdict)
  if (verdict.isAllowed) return undefined
  return new AppError('rate_limited', {
    detail: `The quota ${verdict.policy.name} is spent.`,
    retryAfterSeconds: verdict.retryAfterSeconds,
  })
}
