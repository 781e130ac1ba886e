/** P5: one replica after the other is replaced under reads and writes. */

import { readingDuring } from '#scripts/prove/clients.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'
import { failures } from '#tests/support/load.ts'

export const rollingRestart: Promised = {
  id: 'P5',
  promise: 'a rolling restart under mixed load fails no request',
  bound: '0 failed',
  on: usual,
  async measure(stack, { isShort }) {
    const restarting = async (more: (count: number) => Promise<void>): Promise<void> => {
      for (const name of Object.keys(stack.replicas).slice(0, isShort ? 1 : 3)) {
        await stack.restart(name)
        await more(100)
      }
    }
    const replies = await readingDuring(stack, restarting, { hasWrites: true })
    const failed = failures(replies, [200, 201]).length
    return { holds: failed === 0, measured: `${failed} of ${replies.length} requests failed` }
  },
}
