/**
 * Things in the order in which they were last touched, linked to each other. A Map that is deleted from and set again keeps
 * that order too, but V8 leaves what was deleted in its hash chain until the table is rebuilt: one hot key among 30,000 then
 * walks past its own remains, thousands of them, each time. And the tables that a Map or Set outgrew hold what was in them
 * until a full collection, whatever has been deleted since; links that are cut hold nothing (docs/performance.md).
 */

export interface Links<Thing> {
  older: Thing | undefined
  newer: Thing | undefined
}

export const unlinked = { older: undefined, newer: undefined } as const

export class Recency<Thing extends Links<Thing>> {
  #oldest: Thing | undefined
  #newest: Thing | undefined

  get oldest(): Thing | undefined {
    return this.#oldest
  }

  /** From the oldest on. Whoever is met may be removed. */
  *[Symbol.iterator](): Iterator<Thing> {
    let next = this.#oldest
    while (next !== undefined) {
      const { newer } = next
      yield next
      next = newer
    }
  }

  /** The newest of all from now on. It must not be among them yet. */
  add(thing: Thing): void {
    thing.older = this.#newest
    thing.newer = undefined
    if (this.#newest === undefined) this.#oldest = thing
    else this.#newest.newer = thing
    this.#newest = thing
  }

  /** It must be among them. */
  remove(thing: Thing): void {
    const { older, newer } = thing
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    // Whoever still holds it holds nothing else by it.
    thing.older = undefined
    thing.newer = undefined
  }

  touch(thing: Thing): void {
    if (thing === this.#newest) return
    this.remove(thing)
    this.add(thing)
  }
}
