/** Redis calls that requests cause: what Redis hears under load, without what an idle fleet says anyway. */

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const idleMs = 2_000

export interface RedisCalls {
  /** Without what an idle fleet says anyway. */
  readonly perRequest: number
  /** With it: what Redis heard, divided by the requests. */
  readonly perRequestInAll: number
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
  return {
    perRequest: Math.max(0, busy.calls - idlePerSecond * busy.seconds) / requests,
    perRequestInAll: busy.calls / requests,
    idlePerSecond,
  }
}

/** Commands that arrive while `work` runs, by MONITOR; those that scripts give are not calls. */
async function heard(
  socket: string,
  work: () => Promise<unknown>,
): Promise<{ calls: number; seconds: number }> {
  const monitor = connect({ path: socket })
  await once(monitor, 'connect')
  let calls = 0
  let rest = ''
  monitor.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('+') && !line.includes(' lua] ')) calls += 1
  })
  monitor.write('MONITOR\r\n')
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1_000
  monitor.destroy()
  return { calls, seconds }
}
