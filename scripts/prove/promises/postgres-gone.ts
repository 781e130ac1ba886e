/** P7: Postgres is killed and kept away; reads of what is known, writes and reads of what is not go on being asked. */

import { setTimeout as delay } from 'node:timers/promises'
import { type Client, newClient, untilRemembered, untilWhole } from '#scripts/prove/clients.ts'
import { without } from '#scripts/prove/faults.ts'
import { outage } from '#scripts/prove/grounds.ts'
import type { Promised } from '#scripts/prove/promise.ts'
import type { Reply } from '#tests/support/load.ts'

// Without 20, the row that P8 locks: it is not kept until the marks of those who waited for it are over, 15 s later.
const known = [
  '/api/v1/resources',
  ...Array.from({ length: 19 }, (_, index) => `/api/v1/resources/${index + 1}`),
]

const isStale = ({ headers }: Reply): boolean => /hit; ttl=(-|0)/.test(String(headers['cache-status']))
const isRefused = ({ status, headers, body }: Reply): boolean =>
  status === 503 && Number(headers['retry-after']) > 0 && body.includes('"dependency_unavailable"')

async function askAll(client: Client, rounds: number) {
  const reads: Reply[] = []
  const refusals: Reply[] = []
  for (let round = 0; round < rounds; round++) {
    // The first write of the outage comes before anything has noticed it.
    refusals.push(await client.send('POST', '/api/v1/resources', { name: 'away', type: 'p7' }))
    refusals.push(await client.send('PATCH', '/api/v1/resources/1', { name: 'away' }))
    refusals.push(await client.get(`/api/v1/resources/${1_000_000 + round}`))
    for (const path of known) reads.push(await client.get(path))
    await delay(200)
  }
  return { reads, refusals }
}

export const postgresGone: Promised = {
  id: 'P7',
  promise: 'without Postgres cached reads go on, marked stale, and writes are refused at once',
  bound:
    '0 reads failed, all stale in the end, all writes 503 with Retry-After within 1000 ms, recovers by itself',
  boundInShort: 'the same within 5000 ms',
  on: outage,
  async measure(stack, { isShort }) {
    const client = await newClient(stack)
    // Its key too is known to every replica then: one that nobody remembers is P10's.
    await untilRemembered(stack, client, known)
    let seen: Awaited<ReturnType<typeof askAll>> = { reads: [], refusals: [] }
    await without(stack, ['postgres'], async () => {
      seen = await askAll(client, isShort ? 10 : 25)
    })
    const backSince = performance.now()
    await untilWhole(stack)
    const backMs = performance.now() - backSince
    const { reads, refusals } = seen
    const failed = reads.filter(({ status }) => status !== 200)
    const last = reads.slice(-known.length)
    const unmarked = last.filter((reply) => !isStale(reply))
    const wrong = refusals.filter((reply) => !isRefused(reply))
    const longest = Math.max(...reads.concat(refusals).map(({ tookMs }) => tookMs))
    const isQuick = longest <= (isShort ? 5_000 : 1_000)
    return {
      holds: failed.length + unmarked.length + wrong.length === 0 && isQuick,
      measured:
        `${failed.length} of ${reads.length} reads failed${failed.length > 0 ? ` (${[...new Set(failed.map(({ path, status }) => `${path}: ${status}`))].join(', ')})` : ''}, ${unmarked.length} of the last ${last.length} not marked; ` +
        `${wrong.length} of ${refusals.length} others not refused as they should (${wrong.map(({ method, status }) => `${method} ${status}`).join(', ')}); ` +
        `longest ${longest.toFixed(0)} ms; writing again after ${(backMs / 1_000).toFixed(1)} s`,
    }
  },
}
