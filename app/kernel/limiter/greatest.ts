/** The few greatest of many, in one pass: tens of thousands of buckets are looked through without sorting them. */

export function greatest<T>(all: Iterable<T>, count: number, size: (one: T) => number): T[] {
  const found: T[] = []
  for (const one of all) {
    const isFull = found.length === count
    if (isFull && size(one) <= size(found[count - 1] as T)) continue
    if (isFull) found.pop()
    const place = found.findIndex((other) => size(other) < size(one))
    found.splice(place === -1 ? found.length : place, 0, one)
  }
  return found
}
