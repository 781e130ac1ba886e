/** Turns the single reads of one turn of the event loop into one read of many (the idea of Facebook's DataLoader, 2010). */

interface Waiting<V> {
  readonly promise: Promise<V | undefined>
  readonly resolve: (value: V | undefined) => void
  readonly reject: (error: unknown) => void
}

/** One read under way or about to be, and how many still want something of it. */
interface Batch<K, V> {
  readonly waiting: Map<K, Waiting<V>>
  readonly controller: AbortController
  readers: number
}

/** A reader that gives `signal` may leave: the read is cancelled when the last of its readers has left. */
export type BatchedRead<K, V> = (key: K, signal?: AbortSignal) => Promise<V | undefined>

/**
 * `load` gets each key once and answers with what it found; a key it does not find is `undefined` to its readers.
 * `schedule` runs a function at the end of the turn.
 */
export function batched<K, V>(
  load: (keys: readonly K[], signal: AbortSignal) => Promise<ReadonlyMap<K, V>>,
  schedule: (flush: () => void) => void,
  maxKeys = 256,
): BatchedRead<K, V> {
  let next = newBatch<K, V>()

  const flush = (): void => {
    const { waiting, controller } = next
    next = newBatch()
    load([...waiting.keys()], controller.signal).then(
      (found) => {
        for (const [key, { resolve }] of waiting) resolve(found.get(key))
      },
      (error: unknown) => {
        for (const { reject } of waiting.values()) reject(error)
      },
    )
  }

  const enter = (key: K): Promise<V | undefined> => {
    const { waiting } = next
    next.readers += 1
    const joined = waiting.get(key)
    if (joined) return joined.promise
    const entry = Promise.withResolvers<V | undefined>()
    waiting.set(key, entry)
    if (waiting.size === 1) schedule(() => next.waiting.size > 0 && flush())
    else if (waiting.size === maxKeys) flush()
    return entry.promise
  }

  return (key, signal) => {
    if (signal === undefined) return enter(key)
    if (signal.aborted) return Promise.reject(signal.reason)
    const batch = next
    const read = enter(key)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason)
        batch.readers -= 1
        if (batch.readers > 0) return
        batch.controller.abort(signal.reason)
        // All of them left before it was sent: who comes in this turn begins another.
        if (batch === next) next = newBatch()
      }
      signal.addEventListener('abort', leave, { once: true })
      read.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}

const newBatch = <K, V>(): Batch<K, V> => ({
  waiting: new Map(),
  controller: new AbortController(),
  readers: 0,
})
