/** Remembers the answer to a keyed write beside its effect, so that a retry is answered and not carried out again. */

import type { Session } from './database.ts'
import type { Body } from './representation.ts'

/** What a write answered, as it is replayed. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body | null
}

export interface IdempotencyKey {
  /** Keys of different callers never meet. */
  readonly caller: string
  readonly key: string
  /** Digest of method, address and body: the same key with another one is a mistake of the client. */
  readonly fingerprint: Buffer
}

export interface IdempotencyStore {
  /**
   * Claims `key` for the life of `transaction` and returns the earlier answer if there is one.
   * @throws {AppError} `idempotency_in_flight` while another transaction holds it, `idempotency_mismatch`.
   */
  claim(transaction: Session, key: IdempotencyKey): Promise<Answer | undefined>
  /** Keeps `answer`; visible to others only with the effect, at the commit. */
  keep(transaction: Session, key: IdempotencyKey, answer: Answer): Promise<void>
}
