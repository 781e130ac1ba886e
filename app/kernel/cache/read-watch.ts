/** Notices an invalidation that arrives while a read is under way: what the read brings may be old then. */

import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { Dependents } from './dependents.ts'

export interface Watch {
  readonly key: string
  readonly names: readonly string[]
  isVoid: boolean
}

export class ReadWatches {
  readonly #open = new Set<Watch>()
  readonly #byName = new Dependents<Watch>()

  open(key: string, tags: readonly string[]): Watch {
    const watch = { key, names: [key, ...tags], isVoid: false }
    this.#open.add(watch)
    this.#byName.add(watch.names, watch)
    return watch
  }

  close(watch: Watch): void {
    this.#open.delete(watch)
    this.#byName.remove(watch.names, watch)
  }

  /** Returns the keys whose reads became void. */
  invalidate(name: string): string[] {
    const voided = [...(name === EVERYTHING ? this.#open : this.#byName.of(name))]
    for (const watch of voided) watch.isVoid = true
    return voided.map(({ key }) => key)
  }
}
