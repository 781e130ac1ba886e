/** The Cache-Status field (RFC 9211): `sluice; hit; ttl=42; detail=l1`. */

import type { CacheRead } from '#kernel/cache/cache.ts'

/** Stale is a hit whose time to live is negative: the field has no word of its own for it. */
export const cacheStatus = ({ status, detail, ttlSeconds }: CacheRead): string =>
  status === 'miss'
    ? `sluice; fwd=miss; detail=${detail}`
    : `sluice; hit; ttl=${ttlSeconds}; detail=${detail}`
