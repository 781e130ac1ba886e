/** The parts of a replica, as they show in a trace: each as it was, and the same without a trace. */

import { type Cache, type CacheRead, kindOf } from '#kernel/cache/cache.ts'
import type { Limiter } from '#kernel/limiter/policy.ts'
import { asSpan, type Tracer } from '#kernel/tracing/trace.ts'

/** Notes reads that this process could not answer from its memory: the others are over before they could be noted. */
export const tracedRead =
  (tracer: Tracer) =>
  (key: string, read: () => Promise<CacheRead>): Promise<CacheRead> =>
    asSpan(tracer, `cache read ${kindOf(key)}`, {}, read, ({ status, detail }) => ({
      'sluice.cache.status': status,
      'sluice.cache.detail': detail,
    }))

/** Notes how long a write took with its invalidation on every replica. */
export const tracedCache = (cache: Cache, tracer: Tracer): Cache => ({
  ...cache,
  write: (keys, work, keysAfter) =>
    asSpan(tracer, `cache write ${keys[0] === undefined ? '' : kindOf(keys[0])}`, {}, () =>
      cache.write(keys, work, keysAfter),
    ),
})

/** Notes waits for the shared buckets: a request that is decided here waits for nothing. */
export const tracedLimiter = (limiter: Limiter, tracer: Tracer): Limiter => ({
  ...limiter,
  take(key, policy, cost) {
    const verdict = limiter.take(key, policy, cost)
    if ('isAllowed' in verdict) return verdict
    return asSpan(tracer, 'limit wait', { 'sluice.policy': policy.name }, () => verdict)
  },
  hold(key, policy, cost) {
    const hold = limiter.hold(key, policy, cost)
    if ('verdict' in hold) return hold
    return asSpan(tracer, 'limit wait', { 'sluice.policy': policy.name }, () => hold)
  },
})
