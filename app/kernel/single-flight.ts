/** One load per key at a time: whoever asks meanwhile shares it, or the one after it where the present one began too early. */

interface Flight<T> {
  /** Let go at its end: tables that the map outgrew go on holding the flight (recency.ts). */
  result: Promise<T>
  /** Begins when this one ends. */
  next: Flight<T> | undefined
  /** Set as long as this one has not begun. */
  before: Flight<T> | undefined
  readonly controller: AbortController
  waiting: number
}

/** Of a flight that has ended: nobody joins it any more. */
const ended = new Promise<never>(() => {})

interface FlightOptions {
  readonly mustStartAfterNow?: boolean
  /** Of whoever asks: aborted, it waits no longer. */
  readonly signal?: AbortSignal | undefined
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
  run(
    key: string,
    load: (signal: AbortSignal) => Promise<T>,
    { mustStartAfterNow = false, signal }: FlightOptions = {},
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const flight = this.#flights.get(key)
    if (flight === undefined) return this.#join(key, this.#start(key, load), signal)
    if (!mustStartAfterNow) return this.#join(key, flight, signal)
    flight.next ??= this.#start(key, load, flight)
    return this.#join(key, flight.next, signal)
  }

  /** Those who wait keep their result; whoever asks from now on starts a new load. */
  forget(key: string): void {
    this.#flights.delete(key)
  }

  /** Waits with the others. The load is cancelled when the last of those who wait for it has left. */
  #join(key: string, flight: Flight<T>, signal?: AbortSignal): Promise<T> {
    flight.waiting += 1
    if (signal === undefined) return flight.result
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason)
        flight.waiting -= 1
        this.#cancelUnlessWanted(key, flight, signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }

  #cancelUnlessWanted(key: string, flight: Flight<T>, reason: unknown): void {
    if (flight.waiting > 0 || flight.next !== undefined) return
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
    flight.controller.abort(reason)
    const { before } = flight
    if (before === undefined) return
    // It has not begun and never will: who asks from now on starts another, and the present one may have nobody left.
    before.next = undefined
    this.#cancelUnlessWanted(key, before, reason)
  }

  /** At once, or when `before` has ended. */
  #start(key: string, load: (signal: AbortSignal) => Promise<T>, before?: Flight<T>): Flight<T> {
    const controller = new AbortController()
    const inTurn = (): Promise<T> => {
      flight.before = undefined
      controller.signal.throwIfAborted()
      this.#flights.set(key, flight)
      return load(controller.signal)
    }
    const result = before ? before.result.then(inTurn, inTurn) : load(controller.signal)
    const flight: Flight<T> = { result, next: undefined, before, controller, waiting: 0 }
    if (before === undefined) this.#flights.set(key, flight)
    const end = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
      flight.result = ended
    }
    result.then(end, end)
    return flight
  }
}
