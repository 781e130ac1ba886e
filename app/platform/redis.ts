/** Redis through ioredis: every command answers or fails within a bound, nothing queues up for a server that is away. */

import { Redis } from 'ioredis'

export interface RedisOptions {
  /** `redis://host:port/0`, or `unix:///path/to/redis.sock`. */
  readonly url: string
  readonly timeoutMs: number
  /** As `CLIENT LIST` shows it. */
  readonly name: string
}

/** Connects in the background and for ever, at growing distances with jitter; until then commands fail at once. */
export function openRedis({ url, timeoutMs, name }: RedisOptions): Redis {
  const options = {
    connectionName: name,
    commandTimeout: timeoutMs,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: true,
    retryStrategy: (attempt: number) => Math.random() * Math.min(50 * 2 ** attempt, 500) + 10,
  }
  const redis = url.startsWith('unix://')
    ? new Redis({ ...options, path: url.slice('unix://'.length) })
    : new Redis(url, options)
  // ioredis throws what nobody listens to; whoever sends a command hears of it there.
  redis.on('error', () => {})
  return redis
}
