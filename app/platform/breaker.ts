/**
 * A breaker before each dependency (opossum): while it is open, calls are refused at once instead of piling up. Around
 * it what opossum has not: several trials before it closes, a rule for slow calls, bounded concurrency, force.
 */

import CircuitBreaker from 'opossum'
import { AppError, unavailable } from '#kernel/errors.ts'

export interface BreakerOptions {
  /** As refusals name the dependency, e.g. `The database`. */
  readonly subject: string
  /** Share of failures, in percent, that opens it. */
  readonly failureThreshold: number
  /** How long it stays open before the first trial call. */
  readonly resetTimeoutMs: number
  /** A call that takes longer has failed, and one that takes half as long was slow. Unless given, calls are bounded elsewhere. */
  readonly callTimeoutMs?: number
  /** Calls at once (the bulkhead): more are refused, so that one dependency cannot take all there is. */
  readonly maxConcurrent?: number
  /** Successes in a row, one call at a time, that close it again. */
  readonly trials?: number
}

/** Set by hand; `auto` gives it back to its rules. */
export type BreakerForce = 'open' | 'closed' | 'auto'

export interface BreakerReport {
  readonly name: string
  readonly state: 'closed' | 'open' | 'half-open'
  readonly successes: number
  readonly failures: number
  readonly timeouts: number
  readonly rejections: number
  readonly running: number
  readonly forced: BreakerForce
}

export interface Breaker {
  /** @throws {AppError} `dependency_unavailable` while open or when `call` took too long; else what `call` throws. */
  run<T>(call: () => Promise<T>): Promise<T>
  /** Lets every call through: not open, not on trial. */
  isClosed(): boolean
  /** Counts are those of the last ten seconds. */
  report(): BreakerReport
  force(state: BreakerForce): void
  totals(): BreakerTotals
}

/** Since the start. */
export interface BreakerTotals {
  readonly name: string
  success: number
  /** But for timeouts. */
  failure: number
  timeout: number
  /** Refused without a call. */
  rejected: number
  opened: number
}

export function openBreaker(name: string, options: BreakerOptions): Breaker {
  const breaker = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    name,
    timeout: options.callTimeoutMs ?? false,
    errorThresholdPercentage: options.failureThreshold,
    resetTimeout: options.resetTimeoutMs,
    volumeThreshold: 5,
    // The latencies of all calls of ten seconds, copied and sorted with each report: nobody reads them.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    // What the client did wrong, or what we refused ourselves, says nothing about the dependency.
    errorFilter: (error) => error instanceof AppError && error.code !== 'dependency_unavailable',
  })
  const { maxConcurrent = 512, trials = 3, callTimeoutMs = Number.POSITIVE_INFINITY } = options
  const retryAfterSeconds = Math.ceil(options.resetTimeoutMs / 1_000)
  let forced: BreakerForce = 'auto'
  let running = 0
  let trialsLeft = 0
  let calls = 0
  let slow = 0

  const totals: BreakerTotals = { name, success: 0, failure: 0, timeout: 0, rejected: 0, opened: 0 }
  // opossum tells of a call that took too long twice: as a timeout, and then, with the same error, as a failure.
  let late: Error | undefined
  breaker.on('timeout', (error) => {
    late = error
    totals.timeout += 1
  })
  breaker.on('failure', (error) => {
    if (error !== late) totals.failure += 1
    if (trialsLeft > 0) breaker.open()
  })
  breaker.on('open', () => {
    totals.opened += 1
  })
  breaker.on('halfOpen', () => {
    trialsLeft = trials
  })
  breaker.on('success', (_value, tookMs) => {
    totals.success += 1
    if (trialsLeft > 0) trialsLeft -= 1
    calls += 1
    if (tookMs > callTimeoutMs / 2) slow += 1
    if (calls < slowWindow) return
    if (slow * 2 > calls) breaker.open()
    calls = 0
    slow = 0
  })

  const refusal = (cause?: unknown): AppError => unavailable(options.subject, retryAfterSeconds, cause)
  const rejected = (cause?: unknown): AppError => {
    totals.rejected += 1
    return refusal(cause)
  }
  const isOnTrial = (): boolean => trialsLeft > 0 && !breaker.opened

  const guarded = (call: () => Promise<unknown>): Promise<unknown> => {
    // opossum closes on one success: until the others have followed, one call at a time.
    if (isOnTrial() && running > 1) throw rejected()
    return breaker.fire(call)
  }
  const told = (error: unknown): unknown => {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EOPENBREAKER') return rejected(error)
    return code === 'ETIMEDOUT' ? refusal(error) : error
  }

  return {
    run: async <T>(call: () => Promise<T>): Promise<T> => {
      if (forced === 'open') throw rejected()
      if (running >= maxConcurrent) {
        totals.rejected += 1
        throw new AppError('overloaded', {
          detail: `${options.subject} has too much to do.`,
          retryAfterSeconds: 1,
        })
      }
      running += 1
      try {
        return (await (forced === 'closed' ? call() : guarded(call))) as T
      } catch (error) {
        throw told(error)
      } finally {
        running -= 1
      }
    },
    isClosed: () => (forced === 'auto' ? breaker.closed && trialsLeft === 0 : forced === 'closed'),
    totals: () => totals,
    report: () => {
      const { successes, failures, timeouts, rejects } = breaker.stats
      const own = breaker.opened ? 'open' : breaker.halfOpen || trialsLeft > 0 ? 'half-open' : 'closed'
      const state = forced === 'auto' ? own : forced
      // As with the totals: each call once.
      const others = failures - timeouts
      return { name, state, successes, failures: others, timeouts, rejections: rejects, running, forced }
    },
    force: (state) => {
      forced = state
    },
  }
}

/** Calls that are judged together: open where more than half took over half of the time they may take. */
const slowWindow = 20
