/**
 * A server that froze costs one timeout, not one a command: after a command got no answer, the next ones fail at once
 * for a moment. A request that needs Redis three times would otherwise wait three times (P6 allows 500 ms in all).
 */

import type { Redis } from 'ioredis'

/** Long enough for whatever one request still asks; short enough to notice the server soon after it is back. */
const pauseMs = 250

/** `now`: monotonic milliseconds. Returns `redis`, whose commands now pause after one that timed out. */
export function pausingAfterTimeout(redis: Redis, now: () => number): Redis {
  const send = redis.sendCommand.bind(redis)
  let pausedUntil = Number.NEGATIVE_INFINITY
  redis.sendCommand = (command, stream) => {
    if (now() < pausedUntil) {
      command.reject(new Error('Redis gave no answer a moment ago'))
      return command.promise
    }
    command.promise.catch((failure: Error) => {
      if (failure.message === 'Command timed out') pausedUntil = now() + pauseMs
    })
    return send(command, stream)
  }
  return redis
}
