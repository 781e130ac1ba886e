/**
 * How many requests may run at once: grows while they take as long as usual, shrinks when they take longer.
 * A gradient of times, as TCP Vegas has it (Brakmo, O'Malley and Peterson, "TCP Vegas", 1994), in the form of Netflix's
 * concurrency-limits ("Performance Under Load", 2018): the usual time divided by the present one.
 */

export interface AdmissionLimitOptions {
  /** Never below: so many run on the smallest machine without harm, and a burst of one client is no overload. */
  readonly min?: number
  readonly max?: number
  /** A judgement needs this long and `samplesNeeded` times: single requests tell nothing. */
  readonly windowMs?: number
  readonly samplesNeeded?: number
}

/** Times may grow this much before it counts: a queue of two requests is not yet one. */
const TOLERANCE = 1.5
/** Share of a window in the usual time. Small: what becomes usual within seconds would hide an overload. */
const USUAL_SHARE = 0.002
const SMOOTHING = 0.2

export class AdmissionLimit {
  current: number
  readonly #min: number
  readonly #max: number
  readonly #windowMs: number
  readonly #samplesNeeded: number
  #usualMs = 0
  #sumMs = 0
  #samples = 0
  #windowEnds = 0
  #busiest = 0

  constructor({ min = 128, max = 1_024, windowMs = 100, samplesNeeded = 20 }: AdmissionLimitOptions = {}) {
    this.#min = min
    this.#max = max
    this.#windowMs = windowMs
    this.#samplesNeeded = samplesNeeded
    this.current = min
  }

  /** One request has ended after `tookMs`, beside `running` others. */
  sample(tookMs: number, running: number, now: number): void {
    this.#sumMs += tookMs
    this.#samples += 1
    if (running > this.#busiest) this.#busiest = running
    if (now < this.#windowEnds || this.#samples < this.#samplesNeeded) return
    this.#judge(this.#sumMs / this.#samples)
    this.#windowEnds = now + this.#windowMs
    this.#sumMs = 0
    this.#samples = 0
    this.#busiest = 0
  }

  #judge(meanMs: number): void {
    this.#usualMs = this.#usualMs === 0 ? meanMs : this.#usualMs + (meanMs - this.#usualMs) * USUAL_SHARE
    // Came back from a long overload: what was usual then is so no longer.
    if (this.#usualMs > meanMs * 2) this.#usualMs *= 0.95
    const isLimiting = this.#busiest >= this.current / 2
    const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * this.#usualMs) / Math.max(meanMs, 0.01)))
    // What nobody fills says nothing about whether more could be carried.
    if (gradient === 1 && !isLimiting) return
    const wanted = this.current * gradient + Math.sqrt(this.current)
    const next = this.current + (wanted - this.current) * SMOOTHING
    this.current = Math.max(this.#min, Math.min(this.#max, next))
  }
}
