/** P3: a register that only grows, read beside its writer. */

import { newClient } from '#scripts/prove/clients.ts'
import { type Read, staleReads, type Written } from '#scripts/prove/histories.ts'
import { type Promised, usual } from '#scripts/prove/promise.ts'

export const freshReads: Promised = {
  id: 'P3',
  promise: 'once a write is acknowledged nobody reads the older value',
  bound: '0 stale reads',
  on: usual,
  async measure(stack, { isShort }) {
    const client = await newClient(stack)
    const made = await client.send('POST', '/api/v1/resources', { name: '0', type: 'p3' })
    const path = `/api/v1/resources/${(JSON.parse(made.body) as { id: number }).id}`
    const writes: Written[] = []
    const reads: Read[] = []
    let isOver = false
    const reader = async (): Promise<void> => {
      while (!isOver) {
        const askedAtMs = performance.now()
        const { status, body } = await client.get(path)
        if (status === 200)
          reads.push({ askedAtMs, value: Number((JSON.parse(body) as { name: string }).name) })
      }
    }
    const readers = Promise.all(Array.from({ length: 6 }, reader))
    const last = isShort ? 60 : 200
    for (let value = 1; value <= last; value++) {
      const { status } = await client.send('PATCH', path, { name: String(value) })
      if (status === 200) writes.push({ value, acknowledgedAtMs: performance.now() })
    }
    isOver = true
    await readers
    const stale = staleReads(writes, reads)
    return {
      holds: stale.length === 0 && writes.length === last,
      measured: `${stale.length} stale of ${reads.length} reads beside ${writes.length} writes`,
    }
  },
}
