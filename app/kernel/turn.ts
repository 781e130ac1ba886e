/** Collects what happens during one turn of the event loop and hands it over together at its end. */

/** Runs a function once the present turn is over: `setImmediate`, or a queue in the hands of a test. */
export type Defer = (run: () => void) => void

/** Returns the function that adds one item; `flush` gets all the items of a turn at once. */
export function perTurn<T>(defer: Defer, flush: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = []
  return (item) => {
    if (items.push(item) > 1) return
    defer(() => {
      const batch = items
      items = []
      flush(batch)
    })
  }
}
