/** Takes credentials out of force, everywhere: part of the write that gives the reason. */

import type { Revocations } from '#kernel/revocations.ts'
import type { Write } from './write.ts'

/** Subjects as `credential-map` knows them: `user:7`, `session:12`, `api-key:3`, `role:editor`. */
export type Revoke = (write: Write, ...subjects: readonly string[]) => Promise<void>

/**
 * On every replica before the write is answered, and kept for the time Postgres cannot be asked. That is written before
 * the commit: a revocation that is rolled back costs a sign-in during an outage, one that is missed would be a hole.
 */
export const revoking =
  (revocations: Revocations): Revoke =>
  async (write, ...subjects) => {
    write.alsoInvalidate(...subjects)
    await revocations.add(subjects)
  }
