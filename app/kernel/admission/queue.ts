/**
 * Those who wait for a place: short, by priority, and none for long. While it has not been empty for some time the
 * newest go first: their clients still wait, those of the oldest have often gone (adaptive LIFO with CoDel's standing
 * queue, as in Maurer, "Fail at Scale", ACM Queue 2015). Patience stays as it was: shedding after 0.1 s instead of 1 s made
 * room only for more to be shed, at a seventh of what answering costs.
 */

export interface Waiting {
  readonly priority: number
  readonly since: number
  readonly decide: (isAdmitted: boolean) => void
}

export interface AdmissionQueueOptions {
  readonly priorities: number
  readonly maxWaiting?: number
  readonly patienceMs?: number
  /** Not empty for this long: overloaded. */
  readonly standingMs?: number
}

export class AdmissionQueue {
  size = 0
  readonly #lanes: Waiting[][]
  readonly #maxWaiting: number
  readonly #patienceMs: number
  readonly #standingMs: number
  #emptyAt = Number.NEGATIVE_INFINITY

  constructor(options: AdmissionQueueOptions) {
    this.#lanes = Array.from({ length: options.priorities }, () => [])
    this.#maxWaiting = options.maxWaiting ?? 512
    this.#patienceMs = options.patienceMs ?? 1_000
    this.#standingMs = options.standingMs ?? 500
  }

  isOverloaded(now: number): boolean {
    return this.size > 0 && now - this.#emptyAt > this.#standingMs
  }

  /** False where there is no room: a full queue gives up the oldest of the least priority, unless all have more. */
  add(waiting: Waiting): boolean {
    if (this.size === 0) this.#emptyAt = waiting.since
    if (this.size >= this.#maxWaiting) {
      const least = this.#lanes.findIndex((lane) => lane.length > 0)
      if (least > waiting.priority) return false
      this.#refuse(this.#lanes[least]?.shift())
    }
    this.#lanes[waiting.priority]?.push(waiting)
    this.size += 1
    return true
  }

  /** The next to run: of the highest priority. */
  next(now: number): Waiting | undefined {
    const lane = this.#lanes.findLast((each) => each.length > 0)
    const waiting = this.isOverloaded(now) ? lane?.pop() : lane?.shift()
    if (waiting !== undefined) this.size -= 1
    return waiting
  }

  /** Its client has gone, or its time is over. */
  remove(waiting: Waiting): void {
    const lane = this.#lanes[waiting.priority] ?? []
    const place = lane.indexOf(waiting)
    if (place === -1) return
    lane.splice(place, 1)
    this.size -= 1
  }

  /** Refuses whoever has waited long enough. */
  expire(now: number): void {
    const oldest = now - this.#patienceMs
    for (const lane of this.#lanes) {
      while (lane[0] !== undefined && lane[0].since <= oldest) this.#refuse(lane.shift())
    }
  }

  #refuse(waiting: Waiting | undefined): void {
    this.size -= 1
    waiting?.decide(false)
  }
}
