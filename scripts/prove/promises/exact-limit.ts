/** P2: thirty clients of one key through all replicas at once; no window holds more than the bucket allows. */

import { newClient } from '#scripts/prove/clients.ts'
import { type Passed, worstExcess } from '#scripts/prove/histories.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'

export const exactLimit: Promised = {
  id: 'P2',
  promise: 'a limit is exact over all replicas',
  bound: 'at most capacity + rate x t in every window, at least 95 % of it',
  on: usual,
  async measure(stack) {
    const capacity = 300
    const client = await newClient(stack, capacity)
    const passed: Passed[] = []
    let others = 0
    const startedAt = performance.now()
    const burst = async (): Promise<void> => {
      for (let asked = 0; asked < 40; asked++) {
        const askedAtMs = performance.now()
        const { status } = await client.get('/api/v1/status')
        if (status === 200) passed.push({ askedAtMs, answeredAtMs: performance.now() })
        else if (status !== 429) others++
      }
    }
    await Promise.all(Array.from({ length: 30 }, burst))
    const excess = worstExcess(passed, { capacity, refillPerMs: capacity / 60_000 })
    const due = capacity + (capacity / 60_000) * (performance.now() - startedAt)
    const share = (passed.length / due) * 100
    return {
      holds: excess <= 0 && share >= 95 && others === 0,
      measured: `${passed.length} of 1200 passed, ${others} neither passed nor 429, worst window ${excess.toFixed(1)} above, ${share.toFixed(1)} % of what was due`,
    }
  },
}
