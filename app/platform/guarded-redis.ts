/**
 * Redis behind a breaker: while it is away, commands are refused without being tried, and so many at once are let
 * through. Whoever asks goes on without it at once, so the breaker tries again soon, and one answer is enough.
 */

import type { Redis } from 'ioredis'
import type { Breaker } from './breaker.ts'

/** Returns `redis`, whose commands now pass the breaker. */
export function guardedRedis(redis: Redis, breaker: Breaker): Redis {
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, stream) => {
    // With these ioredis makes a connection fit for use; refused, it would never get one. Pipelines have a stream.
    if (stream !== undefined || redis.status === 'connect') return send(command, stream)
    breaker
      .run(() => answered(send(command) as Promise<unknown>))
      .catch((refusal: Error) => command.reject(refusal))
    return command.promise
  }
  return redis
}

/** A refusal by Redis itself (NOSCRIPT, OOM) is an answer of a server that lives. */
const answered = (reply: Promise<unknown>): Promise<void> =>
  reply.then(
    () => undefined,
    (error: Error) => {
      if (error.name !== 'ReplyError') throw error
    },
  )
