/** The rooms of a request with everything behind them in the hand of a test: no Postgres, no Redis, no network. */

import type { FastifyInstance } from 'fastify'
import { buildServer, type RouteModule, type ServerDeps } from '#http/server.ts'
import { openAdmission } from '#kernel/admission/admission.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { allowed, type Limiter, type Policy } from '#kernel/limiter/policy.ts'
import { requestCounts } from '#kernel/request-counts.ts'
import { fakeClock } from './clock.ts'
import type { Scope } from './scope.ts'

const policy = (name: string): Policy => ({
  name,
  capacity: 10,
  refillPerSecond: 1,
  windowSeconds: 60,
})
export const policies = {
  anonymous: policy('anonymous'),
  free: policy('free'),
  pro: policy('pro'),
  enterprise: policy('enterprise'),
}

/** Lets everything through. */
export const openLimiter: Limiter = {
  take: (_key, policy) => allowed(policy, 9),
  hold: (_key, policy) => ({ verdict: allowed(policy, 9), settle: () => {} }),
  busiest: () => [],
  close: async () => {},
}

export interface Rooms {
  readonly app: FastifyInstance
  readonly defects: readonly { error: unknown; requestId: string }[]
}

export async function rooms(
  t: Scope,
  routes: RouteModule['routes'],
  deps: Partial<ServerDeps> = {},
  permissions: readonly string[] = [],
): Promise<Rooms> {
  const defects: { error: unknown; requestId: string }[] = []
  const { now } = fakeClock()
  const { app } = await buildServer({
    version: '0.0.0',
    health: { instanceId: 'api-test', isDraining: () => false, dependencies: () => ({}) },
    observe: { counts: requestCounts(), log: () => {}, now },
    authenticate: {
      known: credentialMap(100),
      check: async () => {
        throw new Error('nobody is known here')
      },
      isTrusted: () => true,
      now,
    },
    deadline: { timeoutMs: 10_000, now },
    admit: { admission: openAdmission({ now }), now },
    rateLimit: { limiter: openLimiter, policies },
    modules: [{ permissions, routes }],
    trustedProxies: [],
    corsOrigins: [],
    logDefect: (error, requestId) => defects.push({ error, requestId }),
    ...deps,
  })
  await app.ready()
  t.teardown(() => app.close())
  return { app, defects }
}
