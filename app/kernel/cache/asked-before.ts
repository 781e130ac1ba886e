/**
 * Whether somebody has asked for a key lately: what is asked for once only is not worth keeping (the doorkeeper of
 * TinyLFU, Einziger et al., 2017). Two generations of keys; the older goes when the younger is full.
 */
export class AskedBefore {
  readonly #maxKeys: number
  #younger = new Set<string>()
  #older = new Set<string>()

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  /** Notes that `key` is asked for; true when it was before. */
  note(key: string): boolean {
    const isKnown = this.#younger.has(key) || this.#older.has(key)
    if (this.#younger.size >= this.#maxKeys) {
      this.#older = this.#younger
      this.#younger = new Set()
    }
    this.#younger.add(key)
    return isKnown
  }
}
