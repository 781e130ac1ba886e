/** Keeps everything of what is rare, and of what is frequent an even share that says how many each one stands for. */

/** Of `perSecond` things and more a second one in n is kept; n follows from the second before. */
export class Sampler {
  readonly #perSecond: number
  #every = 1
  #seen = 0
  #kept = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** How many this one stands for; 0: it is left out. */
  take(): number {
    this.#seen += 1
    if (this.#seen % this.#every !== 0) return 0
    const weight = this.#every
    this.#kept += 1
    // A burst that the second before did not announce: thinner and thinner, so that it stays bounded.
    if (this.#kept % this.#perSecond === 0) this.#every *= 2
    return weight
  }

  /** To be called once a second. */
  tick(): void {
    this.#every = Math.max(1, Math.ceil(this.#seen / this.#perSecond))
    this.#seen = 0
    this.#kept = 0
  }
}

export interface Finished {
  readonly status: number
  readonly durationMs: number
}

/** Failed, or took so long that it is worth knowing of, whatever it answered. */
export const isNotable = ({ status, durationMs }: Finished, slowMs: number): boolean =>
  status >= 500 || durationMs >= slowMs

export interface RequestSamplerOptions {
  /** Of successes, and of refusals. */
  readonly perSecond: number
  /** Of failed and slow requests; all unless given. */
  readonly notablePerSecond?: number
  readonly slowMs: number
}

/** Of successes, and of what was refused, `perSecond` each; failed and slow requests all, unless those too are bounded. */
export class RequestSampler {
  readonly #successes: Sampler
  readonly #refusals: Sampler
  readonly #notable: Sampler

  readonly #slowMs: number

  constructor({ perSecond, notablePerSecond = Number.POSITIVE_INFINITY, slowMs }: RequestSamplerOptions) {
    this.#slowMs = slowMs
    this.#notable = new Sampler(notablePerSecond)
    this.#successes = new Sampler(perSecond)
    this.#refusals = new Sampler(perSecond)
  }

  /** How many this one stands for; 0: it is left out. */
  weightOf(request: Finished): number {
    if (isNotable(request, this.#slowMs)) return this.#notable.take()
    // Apart: a client that runs into its quota a thousand times a second must not hide what succeeds.
    return (request.status >= 400 ? this.#refusals : this.#successes).take()
  }

  /** To be called once a second. */
  tick(): void {
    this.#successes.tick()
    this.#refusals.tick()
    this.#notable.tick()
  }
}
