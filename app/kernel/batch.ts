/** Turns the single reads of one turn of the event loop into one read of many (the idea of Facebook's DataLoader, 2010). */

interface Waiting<V> {
  readonly promise: Promise<V | undefined>
  readonly resolve: (value: V | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * `load` gets each key once and answers with what it found; a key it does not find is `undefined` to its readers.
 * `schedule` runs a function at the end of the turn.
 */
export function batched<K, V>(
  load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
  schedule: (flush: () => void) => void,
  maxKeys = 256,
): (key: K) => Promise<V | undefined> {
  let waiting = new Map<K, Waiting<V>>()

  const flush = (): void => {
    const batch = waiting
    waiting = new Map()
    load([...batch.keys()]).then(
      (found) => {
        for (const [key, { resolve }] of batch) resolve(found.get(key))
      },
      (error: unknown) => {
        for (const { reject } of batch.values()) reject(error)
      },
    )
  }

  return (key) => {
    const joined = waiting.get(key)
    if (joined) return joined.promise
    const { promise, resolve, reject } = Promise.withResolvers<V | undefined>()
    waiting.set(key, { promise, resolve, reject })
    if (waiting.size === 1) schedule(() => waiting.size > 0 && flush())
    else if (waiting.size === maxKeys) flush()
    return promise
  }
}
