/** How long somebody waits, and the signal that ends the work when nobody waits any more. */

import { AppError } from './errors.ts'

/** Whoever waits for shared work. Asked for its signal only where something asynchronous begins: it costs an object. */
export interface Waiter {
  workSignal(): AbortSignal
}

/** What a client may wait: the most there is, or less where it asks for less. Anything that is no number changes nothing. */
export function budgetMs(asked: string | undefined, mostMs: number): number {
  if (asked === undefined || !/^[1-9]\d{0,8}$/.test(asked)) return mostMs
  return Math.min(mostMs, Number(asked))
}

export const deadlineExceeded = (): AppError =>
  new AppError('deadline_exceeded', { detail: 'It took too long.', retryAfterSeconds: 1 })
