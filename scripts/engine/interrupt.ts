/**
 * Ctrl-C ends what a program has started, too. Stacks lead sessions of their own, which no signal of the terminal reaches, and
 * `await using` comes to nothing in a program that a signal ends.
 */

import { constants } from 'node:os'

const started = new Set<AsyncDisposable>()

/** It is ended once more where it has been already: that has to be harmless. */
export function endedByInterrupt<Resource extends AsyncDisposable>(resource: Resource): Resource {
  if (started.size === 0) for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, end)
  started.add(resource)
  return resource
}

async function end(name: 'SIGINT' | 'SIGTERM'): Promise<void> {
  process.stderr.write(`${name}: stopping what was started; once more leaves it\n`)
  const ended = await Promise.allSettled([...started].map((one) => one[Symbol.asyncDispose]()))
  for (const { reason } of ended.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
    process.stderr.write(`${reason}\n`)
  process.exit(128 + constants.signals[name])
}
