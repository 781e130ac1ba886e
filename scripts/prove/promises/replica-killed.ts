/** P4: kill -9 of a replica under reads. */

import { killAndWait, readingDuring } from '#scripts/prove/clients.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'
import { failures } from '#tests/support/load.ts'

export const replicaKilled: Promised = {
  id: 'P4',
  promise: 'a killed replica fails no safe request',
  bound: '0 failed',
  on: usual,
  async measure(stack) {
    const replies = await readingDuring(stack, () => killAndWait(stack, 'api-2'))
    const failed = failures(replies, [200]).length
    return { holds: failed === 0, measured: `${failed} of ${replies.length} reads failed` }
  },
}
