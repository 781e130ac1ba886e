/** Passwords as argon2id (RFC 9106), hashed off the event loop, a few at a time, and never more waiting than can be served. */

import { availableParallelism } from 'node:os'
import * as argon2 from '@node-rs/argon2'
import { AppError } from '#kernel/errors.ts'
import { Permits } from '#kernel/permits.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /** Costs the same whether there is a hash or not, so that the time tells nothing about an account. */
  verify(hash: string | null | undefined, password: string): Promise<boolean>
  /** Whether `hash` was made with other parameters than new ones are. */
  isOutdated(hash: string): boolean
}

export interface PasswordOptions {
  readonly memoryKib: number
  readonly iterations: number
  /** Lanes. */
  readonly parallelism?: number
  /** Hashes at the same time; each takes a thread of libuv's four and `memoryKib`. */
  readonly concurrency?: number
  readonly maxWaiting?: number
  /** Replaced in tests that count calls. */
  readonly engine?: Pick<typeof argon2, 'hash' | 'verify' | 'parseOptions'>
}

// NIST SP 800-63B: the same password typed on another keyboard is the same password.
const normal = (password: string): string => password.normalize('NFKC')

export async function openPasswords(options: PasswordOptions): Promise<Passwords> {
  const { memoryKib, iterations, parallelism = 1, engine = argon2 } = options
  const { concurrency = Math.max(1, Math.min(2, availableParallelism() - 1)), maxWaiting = 64 } = options
  const parameters = { memoryCost: memoryKib, timeCost: iterations, parallelism }
  const inTurn = turns(concurrency, maxWaiting)
  const decoy = await engine.hash('the password of no account', parameters)

  return {
    hash: (password) => inTurn(() => engine.hash(normal(password), parameters)),
    verify: async (hash, password) => {
      const isRight = await inTurn(() => engine.verify(hash ?? decoy, normal(password)))
      return isRight && typeof hash === 'string'
    },
    isOutdated: (hash) => {
      const made = engine.parseOptions(hash)
      return made.memoryCost !== memoryKib || made.timeCost !== iterations || made.parallelism !== parallelism
    },
  }
}

/** Runs at most `concurrency` at once, first come first served. @throws {AppError} `overloaded` when the queue is full. */
function turns(concurrency: number, maxWaiting: number) {
  const permits = new Permits(concurrency)
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (!permits.tryTake()) {
      if (permits.waiting >= maxWaiting) {
        throw new AppError('overloaded', { detail: 'Too many sign-ins at once.', retryAfterSeconds: 2 })
      }
      await permits.take()
    }
    try {
      return await work()
    } finally {
      permits.release()
    }
  }
}
