/** Which things depend on which names: an index from a name to what its invalidation makes void. */

const NOTHING: ReadonlySet<never> = new Set()

export class Dependents<T> {
  readonly #byName = new Map<string, Set<T>>()

  get size(): number {
    return this.#byName.size
  }

  of(name: string): ReadonlySet<T> {
    return this.#byName.get(name) ?? NOTHING
  }

  add(names: readonly string[], dependent: T): void {
    for (const name of names) {
      const dependents = this.#byName.get(name)
      if (dependents === undefined) this.#byName.set(name, new Set([dependent]))
      else dependents.add(dependent)
    }
  }

  remove(names: readonly string[], dependent: T): void {
    for (const name of names) {
      const dependents = this.#byName.get(name)
      if (dependents?.delete(dependent) && dependents.size === 0) this.#byName.delete(name)
    }
  }
}
