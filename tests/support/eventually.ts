/** Waiting for what announces itself by no event: a server that comes up, a replica that leaves a list. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Scope } from './scope.ts'

/**
 * Resolves with what `condition` gives once that is truthy. Throws when `withinMs` have passed, naming the last value
 * or error; stops when the test ends. Asked at growing distances, 5 to 200 ms: never in a busy loop.
 */
export async function eventually<T>(
  t: Scope,
  condition: () => T | Promise<T>,
  { withinMs = 10_000 }: { readonly withinMs?: number } = {},
): Promise<T> {
  const ended = new AbortController()
  t.teardown(() => ended.abort())
  const deadline = performance.now() + withinMs
  let last: unknown
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    try {
      const value = await condition()
      if (value) return value
      last = value
    } catch (error) {
      last = error instanceof Error ? error.message : error
    }
    if (performance.now() + pauseMs > deadline) break
    await delay(pauseMs, undefined, { signal: ended.signal })
  }
  throw new Error(`not within ${withinMs} ms; the last answer was ${String(last)}`)
}
