/**
 * Slows guessing down without locking anyone out. All tries of one address share a bucket; failures count per account
 * and address; and an account that is guessed at from everywhere lets in, for a while, only addresses it knows. The
 * buckets are the limiter's, so they hold locally while Redis is away.
 */

import { createHash } from 'node:crypto'
import { AppError } from '#kernel/errors.ts'
import type { Limiter, Policy, Verdict } from '#kernel/limiter/policy.ts'

export interface SignInThrottleDeps {
  readonly limiter: Limiter
  /** Failures one account may see in 15 minutes from one address. */
  readonly failuresPerAccount: number
  /** Sign-ins and registrations of one address in a minute. */
  readonly triesPerAddress: number
}

/** What one try set aside. */
export interface Try {
  /** The account is guessed at from everywhere: only an address it knows may go on. */
  readonly needsKnownAddress: boolean
  settle(hasFailed: boolean): void
}

const policy = (name: string, capacity: number, windowSeconds: number): Policy => ({
  name,
  capacity,
  refillPerSecond: capacity / windowSeconds,
  windowSeconds,
})

export function signInThrottle({ limiter, failuresPerAccount, triesPerAddress }: SignInThrottleDeps) {
  const tries = policy('sign-in-address', triesPerAddress, 60)
  const failures = policy('sign-in-failures', failuresPerAccount, 900)
  const failuresAnywhere = policy('sign-in-failures-anywhere', failuresPerAccount * 10, 900)

  const spendTry = async (address: string): Promise<void> => {
    mustAllow(await limiter.take(`ip:${address}`, tries, 1))
  }

  return {
    /** @throws {AppError} `rate_limited` */
    spendTry,

    /** Before the password is looked at: guesses at the same time count as well. @throws {AppError} `rate_limited` */
    async begin(email: string, address: string): Promise<Try> {
      await spendTry(address)
      // A digest, so that no address of a person becomes a key in Redis.
      const account = createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22)
      const here = await limiter.hold(`${account}:${address}`, failures, 1)
      mustAllow(here.verdict)
      const anywhere = await limiter.hold(account, failuresAnywhere, 1)
      return {
        needsKnownAddress: !anywhere.verdict.isAllowed,
        settle(hasFailed) {
          here.settle(hasFailed)
          anywhere.settle(hasFailed)
        },
      }
    },
  }
}

export type SignInThrottle = ReturnType<typeof signInThrottle>

function mustAllow({ isAllowed, retryAfterSeconds }: Verdict): void {
  if (!isAllowed) throw tooManyTries(retryAfterSeconds)
}

export const tooManyTries = (retryAfterSeconds: number): AppError =>
  new AppError('rate_limited', { detail: 'Too many tries: wait before the next one.', retryAfterSeconds })
