/**
 * Every command that Redis carries out, as its MONITOR tells them. On a connection of its own: ioredis ends with
 * "Command queue state error" when the first commands arrive together with the answer to MONITOR.
 */

import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Scope } from './scope.ts'

export interface MonitoredCommand {
  /** In small letters. */
  readonly name: string
  /** The whole line, arguments quoted and escaped. */
  readonly line: string
  /** Called by a script, not by a client. */
  readonly isOfScript: boolean
}

export interface RedisMonitor {
  listen(listener: (command: MonitoredCommand) => void): void
  unlisten(listener: (command: MonitoredCommand) => void): void
}

/** `+1763000000.000001 [0 unix:/run/redis.sock] "get" "key"` */
const pattern = /^\+[\d.]+ \[\d+ ([^\]]*)\] "(\w+)"/

/** @param url - `unix:///path` or `redis://host:port` */
export async function monitorRedis(t: Scope, url: string): Promise<RedisMonitor> {
  const { protocol, pathname, hostname, port } = new URL(url)
  const socket =
    protocol === 'unix:' ? connect(decodeURIComponent(pathname)) : connect(Number(port || 6379), hostname)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  const listeners = new Set<(command: MonitoredCommand) => void>()
  const lines = createInterface({ input: socket })
  const answered = once(lines, 'line')
  lines.on('line', (line) => {
    const [, source, name = ''] = pattern.exec(line) ?? []
    if (source === undefined) return
    for (const listener of listeners)
      listener({ name: name.toLowerCase(), line, isOfScript: source === 'lua' })
  })
  socket.write('MONITOR\r\n')
  await answered
  return {
    listen: (listener) => void listeners.add(listener),
    unlisten: (listener) => void listeners.delete(listener),
  }
}
