/** A breaker before each dependency (opossum): while it is open, calls are refused at once instead of piling up. */

import CircuitBreaker from 'opossum'
import { AppError, unavailable } from '#kernel/errors.ts'

export interface BreakerOptions {
  /** As refusals name the dependency, e.g. `The database`. */
  readonly subject: string
  /** Share of failures, in percent, that opens it. */
  readonly failureThreshold: number
  /** How long it stays open before one trial call. */
  readonly resetTimeoutMs: number
  /** A call that takes longer has failed. */
  readonly callTimeoutMs: number
}

export interface BreakerReport {
  readonly name: string
  readonly state: 'closed' | 'open' | 'half-open'
  readonly successes: number
  readonly failures: number
  readonly timeouts: number
  readonly rejections: number
}

export interface Breaker {
  /** @throws {AppError} `dependency_unavailable` while open or when `call` took too long; else what `call` throws. */
  run<T>(call: () => Promise<T>): Promise<T>
  /** Counts are those of the last ten seconds. */
  report(): BreakerReport
}

export function openBreaker(name: string, options: BreakerOptions): Breaker {
  const breaker = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    name,
    timeout: options.callTimeoutMs,
    errorThresholdPercentage: options.failureThreshold,
    resetTimeout: options.resetTimeoutMs,
    volumeThreshold: 5,
    // What the client did wrong, or what we refused ourselves, says nothing about the dependency.
    errorFilter: (error) => error instanceof AppError && error.code !== 'dependency_unavailable',
  })
  const retryAfterSeconds = Math.ceil(options.resetTimeoutMs / 1_000)

  return {
    run: async <T>(call: () => Promise<T>): Promise<T> => {
      try {
        return (await breaker.fire(call)) as T
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : ''
        if (code !== 'EOPENBREAKER' && code !== 'ETIMEDOUT') throw error
        throw unavailable(options.subject, retryAfterSeconds, error)
      }
    },
    report: () => {
      const { successes, failures, timeouts, rejects } = breaker.stats
      const state = breaker.opened ? 'open' : breaker.halfOpen ? 'half-open' : 'closed'
      return { name, state, successes, failures, timeouts, rejections: rejects }
    },
  }
}
