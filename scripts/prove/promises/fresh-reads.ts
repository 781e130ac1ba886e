/** P3: registers that only grow, read beside their writer, while parts of the stack fail; and what shows them at second hand. */

import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { inCases } from '#scripts/prove/cases.ts'
import { answered, killAndWait, newClient } from '#scripts/prove/clients.ts'
import { freezeShortly } from '#scripts/prove/faults.ts'
import { staleReads } from '#scripts/prove/histories.ts'
import { type Measuring, type Promised, usual, type Verdict } from '#scripts/prove/promise.ts'
import { numberIn, type View, watchRegister } from '#scripts/prove/register.ts'
import { secondHand } from './second-hand-reads.ts'

/** @param fault - happens while it is written and read; nothing without one */
async function register(
  stack: RunningStack,
  { isShort }: Measuring,
  fault?: () => Promise<void>,
): Promise<Verdict> {
  const client = await newClient(stack)
  const made = await client.send('POST', '/api/v1/resources', { name: '0', type: 'p3' })
  const path = `/api/v1/resources/${answered<{ id: number }>(made, 201, 'no register').id}`
  const view: View = {
    name: 'itself',
    client,
    path,
    valueIn: (body) => numberIn((body as { name: string }).name),
  }
  const watched = watchRegister(
    { client, path, change: (value) => ({ name: String(value) }) },
    Array.from({ length: 6 }, () => view),
  )
  try {
    await watched.more(isShort ? 40 : 100)
    await fault?.()
    if (fault !== undefined) await watched.more(50)
  } finally {
    await watched.stop()
  }
  const { writes, unacknowledged } = watched
  const reads = watched.views.flatMap((each) => each.reads)
  const stale = staleReads(writes, reads)
  return {
    holds: stale.length === 0 && (fault !== undefined || unacknowledged() === 0),
    measured: `${stale.length} stale of ${reads.length} reads beside ${writes.length} writes${unacknowledged() > 0 ? `, ${unacknowledged()} more not acknowledged` : ''}`,
  }
}

async function freezeThrice(stack: RunningStack): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await freezeShortly(stack, 'api-2')
    await delay(500)
  }
}

export const freshReads: Promised = {
  id: 'P3',
  promise: 'once a write is acknowledged nobody reads the older value',
  bound: '0 stale reads; search and the names of owners at most 2000 ms',
  on: usual,
  measure: inCases([
    { name: 'all well', measure: (stack, how) => register(stack, how) },
    {
      name: 'api-2 frozen for 600 ms, three times',
      isLong: true,
      measure: (stack, how) => register(stack, how, () => freezeThrice(stack)),
    },
    {
      name: 'Redis killed',
      isLong: true,
      measure: (stack, how) => register(stack, how, () => killAndWait(stack, 'redis')),
    },
    { name: 'at second hand', measure: secondHand },
  ]),
}
