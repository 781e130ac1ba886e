/** The cache: how often it had the answer, of all replicas and by kind at the one that answers; and forgetting it all. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Registry, ReplicaReport } from '#kernel/replicas.ts'
import { described, reading, writing } from './admin-route.ts'
import type { Audited } from './audited.ts'
import { CacheFigures } from './system.schemas.ts'

export interface CacheRoutesDeps {
  readonly instanceId: string
  readonly cache: Cache
  readonly registry: Registry
  readonly audited: Audited
}

const Count = Type.Integer({ minimum: 0 })

export const KindStats = Type.Object(
  {
    hit: Count,
    miss: Count,
    stale: Count,
    coalesced: Type.Integer({ minimum: 0, description: "reads that shared another's load" }),
    entries: Count,
    bytes: Count,
  },
  { title: 'CacheKindStats' },
)

const CacheReport = Type.Object(
  {
    instanceId: Type.String({ description: 'the replica that answers' }),
    kinds: Type.Record(Type.String(), KindStats, { description: 'of the replica that answers' }),
    replicas: Type.Array(Type.Object({ instanceId: Type.String(), cache: CacheFigures })),
    totals: CacheFigures,
    hitRatio: Type.Number({ minimum: 0, maximum: 1, description: 'of all replicas, each since its start' }),
  },
  { title: 'CacheReport' },
)

type Figures = ReplicaReport['cache']

const added = (one: Figures, other: Figures): Figures => ({
  hits: one.hits + other.hits,
  misses: one.misses + other.misses,
  stale: one.stale + other.stale,
  coalesced: one.coalesced + other.coalesced,
  bytes: one.bytes + other.bytes,
  entries: one.entries + other.entries,
})
const nothing: Figures = { hits: 0, misses: 0, stale: 0, coalesced: 0, bytes: 0, entries: 0 }

function report({ instanceId, cache, registry }: CacheRoutesDeps) {
  const replicas = registry
    .replicas()
    .filter(({ state }) => state !== 'down')
    .map((each) => ({ instanceId: each.instanceId, cache: each.cache }))
  const totals = replicas.map((each) => each.cache).reduce(added, nothing)
  const reads = totals.hits + totals.stale + totals.misses
  const hitRatio = reads === 0 ? 0 : (totals.hits + totals.stale) / reads
  return { instanceId, kinds: cache.stats(), replicas, totals, hitRatio }
}

export function cacheRoutes(app: FastifyInstance, deps: CacheRoutesDeps): void {
  app.get(
    '/api/v1/admin/cache',
    { config: reading, schema: described('Hits and misses of the cache', CacheReport) },
    () => report(deps),
  )
  const Cleared = Type.Object({
    cleared: Type.Integer({ minimum: 0, description: 'answers the replica that answers held' }),
  })
  app.post(
    '/api/v1/admin/cache/clear',
    { config: writing, schema: described('Forget every cached answer, on every replica', Cleared) },
    async (request) => {
      const cleared = await deps.cache.clear()
      await deps.audited(request, { action: 'cache.clear', target: 'cache' })
      return { cleared }
    },
  )
}
