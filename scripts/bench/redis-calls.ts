/** Redis calls that requests cause: what Redis hears under load, without what an idle fleet says anyway. */

import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'

const idleMs = 2_000

/** Commands that arrive while `work` runs, those of scripts apart. */
async function heard(
  socket: string,
  work: () => Promise<unknown>,
): Promise<{ calls: number; seconds: number }> {
  const client = new Redis({ path: socket })
  const monitor = await client.monitor()
  let calls = 0
  monitor.on('monitor', (_time, _args, source: string) => {
    if (source !== 'lua') calls += 1
  })
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1_000
  monitor.disconnect()
  client.disconnect()
  return { calls, seconds }
}

export interface RedisCalls {
  readonly perRequest: number
  /** Heartbeats, the registry, the invalidation bus. */
  readonly idlePerSecond: number
}

export async function redisCalls(
  socket: string,
  requests: number,
  work: () => Promise<unknown>,
): Promise<RedisCalls> {
  const idle = await heard(socket, () => delay(idleMs))
  const busy = await heard(socket, work)
  const idlePerSecond = idle.calls / idle.seconds
  return { perRequest: Math.max(0, busy.calls - idlePerSecond * busy.seconds) / requests, idlePerSecond }
}
