/** P6: Redis stops answering, with its connections open. */

import { setTimeout as delay } from 'node:timers/promises'
import { newClient } from '#scripts/prove/clients.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'

export const redisFrozen: Promised = {
  id: 'P6',
  promise: 'a frozen Redis stalls no request for long and fails none',
  bound: '0 failed, none above 500 ms',
  on: usual,
  async measure(stack, { isShort }) {
    const client = await newClient(stack)
    const times: number[] = []
    let failed = 0
    await client.get('/api/v1/resources/1')
    await stack.kill('redis', 'SIGSTOP')
    try {
      for (let asked = 0; asked < 100; asked++) {
        const startedAt = performance.now()
        const { status } = await client.get(`/api/v1/resources/${1 + (asked % 20)}`)
        times.push(performance.now() - startedAt)
        if (status !== 200) failed++
        // Longer than what is trusted without Redis, or nothing would ask it.
        await delay(20)
      }
    } finally {
      await stack.kill('redis', 'SIGCONT')
    }
    const longest = Math.max(...times)
    return {
      holds: failed === 0 && longest <= (isShort ? 3_000 : 500),
      measured: `${failed} of ${times.length} failed, longest ${longest.toFixed(0)} ms`,
    }
  },
}
