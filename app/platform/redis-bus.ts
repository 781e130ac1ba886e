/** The invalidation bus on Redis pub/sub: one connection for commands, one that only listens. */

import type { Redis } from 'ioredis'
import type { Bus, BusListener, Invalidation } from '#kernel/coherence/coherence.ts'
import { redisScript } from './redis-script.ts'
import { within } from './within.ts'

export interface RedisBusOptions {
  /** Without offline queue and without resending: a command is answered now or fails now. */
  readonly commands: Redis
  /** Resubscribes by itself; used for nothing else. Its owner closes it, as the other one. */
  readonly subscriber: Redis
  readonly prefix: string
  /** Longest wait for an answer. With the lease and its margin it has to stay below 500 ms (P6). */
  readonly timeoutMs?: number
  /** How long a mark outlives its dead writer: longer than any transaction may take. */
  readonly markMs?: number
  /** Longer than anything is stored. */
  readonly versionMs?: number
}

export function redisBus(options: RedisBusOptions): Bus {
  const { commands, subscriber, timeoutMs = 150, markMs = 15_000, versionMs = 4 * 3_600_000 } = options
  const prefix = `${options.prefix}cache:`
  const channel = `${prefix}bus`
  const invalidateScript = redisScript(commands, 'cache-invalidate')
  const adoptScript = redisScript(commands, 'cache-adopt')
  let close = async (): Promise<void> => {}

  const bounded = async (what: string, call: Promise<unknown>): Promise<void> => {
    await within(timeoutMs, what, call)
  }

  const invalidateFor = (lastingMs: number, { version, message, marks }: Invalidation): Promise<unknown> => {
    const pairs = marks.flatMap(({ name, token }) => [name, token])
    return invalidateScript(prefix, channel, message, version, versionMs, lastingMs, ...pairs)
  }

  return {
    mark: (invalidation) => bounded('Marking', invalidateFor(markMs, invalidation)),
    invalidate: (invalidation) => bounded('Invalidating', invalidateFor(0, invalidation)),
    adopt: (version) => bounded('Adopting', adoptScript(prefix, version, versionMs)),
    publish: (message) => bounded('Publishing', commands.publish(channel, message)),
    send: (to, message) => bounded('Sending', commands.publish(`${channel}:${to}`, message)),
    async open(id, listener: BusListener) {
      const own = `${channel}:${id}`
      const receive = (from: string, text: string): void => {
        if (from === channel || from === own) listener.message(text)
      }
      const lost = (): void => listener.lost()
      subscriber.on('message', receive)
      subscriber.on('close', lost)
      // With Redis away this fails; then, and after every break, the next connection subscribes.
      const subscribe = async (): Promise<void> => {
        await within(timeoutMs, 'Subscribing', subscriber.subscribe(channel, own)).catch(() => {})
      }
      subscriber.on('ready', subscribe)
      close = async () => {
        subscriber.off('message', receive)
        subscriber.off('close', lost)
        subscriber.off('ready', subscribe)
        await within(timeoutMs, 'Unsubscribing', subscriber.unsubscribe(channel, own)).catch(() => {})
      }
      if (subscriber.status === 'ready') await subscribe()
    },
    close: () => close(),
  }
}
