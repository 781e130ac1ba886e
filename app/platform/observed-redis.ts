/** Counts every command, and notes it in the trace of the request that sent it: how often, how long, how many failed. */

import type { Redis } from 'ioredis'
import type { CallCounts } from '#kernel/call-counts.ts'
import type { Attributes, Tracer } from '#kernel/tracing/trace.ts'

export interface ObservedOptions {
  readonly calls: CallCounts
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly tracer: Tracer | undefined
}

interface Named {
  readonly name: string
  readonly attributes: Attributes
}

/** Returns `redis`, whose commands are now counted. */
export function observedRedis(redis: Redis, { calls, now, tracer }: ObservedOptions): Redis {
  const send = redis.sendCommand.bind(redis)
  const known = new Map<string, Named>()
  const named = (command: string): Named => {
    const seen = known.get(command)
    if (seen !== undefined) return seen
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': command.toUpperCase() }
    const made = { name: `redis ${command}`, attributes }
    known.set(command, made)
    return made
  }

  redis.sendCommand = (command, stream) => {
    const startedAt = now()
    calls.started()
    let span: ReturnType<Tracer['begin']>
    if (tracer !== undefined) {
      const { name, attributes } = named(command.name)
      span = tracer.begin(name, attributes)
    }
    const finished = (hasFailed: boolean): void => {
      calls.finished(command.name, now() - startedAt, hasFailed)
      if (span !== undefined) tracer?.end(span, hasFailed)
    }
    command.promise.then(
      () => finished(false),
      // Asked by its digest first, a script that Redis does not know yet is sent whole: that is no failure.
      (error: Error) => finished(!error.message.startsWith('NOSCRIPT')),
    )
    return send(command, stream)
  }
  return redis
}
