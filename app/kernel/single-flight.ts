/** One load per key at a time: whoever asks meanwhile shares it, or the one after it where the present one began too early. */

interface Flight<T> {
  readonly result: Promise<T>
  next: Promise<T> | undefined
}

export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  get size(): number {
    return this.#flights.size
  }

  isUnderWay(key: string): boolean {
    return this.#flights.has(key)
  }

  /**
   * Joins the load that is under way, or starts one.
   * `mustStartAfterNow`: what is under way may have read before a change that is already acknowledged, so the next
   * load is shared instead. It starts when the present one ends: never more than one per key, whatever the demand.
   */
  run(key: string, load: () => Promise<T>, { mustStartAfterNow = false } = {}): Promise<T> {
    const flight = this.#flights.get(key)
    if (flight === undefined) return this.#start(key, load)
    if (!mustStartAfterNow) return flight.result
    flight.next ??= flight.result.then(
      () => this.#start(key, load),
      () => this.#start(key, load),
    )
    return flight.next
  }

  /** Those who wait keep their result; whoever asks from now on starts a new load. */
  forget(key: string): void {
    this.#flights.delete(key)
  }

  #start(key: string, load: () => Promise<T>): Promise<T> {
    const result = load()
    const flight: Flight<T> = { result, next: undefined }
    this.#flights.set(key, flight)
    const end = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    result.then(end, end)
    return result
  }
}
