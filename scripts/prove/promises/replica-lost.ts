/** P4: one replica of three is killed, freezes, or is silent to the balancer alone, under reads and keyed writes. */

import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { inCases } from '#scripts/prove/cases.ts'
import { createKeyed, killAndWait, namesOf, newClient, readingDuring } from '#scripts/prove/clients.ts'
import { blackhole } from '#scripts/prove/faults.ts'
import { lostAndDoubled } from '#scripts/prove/histories.ts'
import { type Promised, usual, type Verdict } from '#scripts/prove/promise.ts'
import { failures, type Reply } from '#tests/support/load.ts'

const stallMs = 2_000

/** Creates under keys beside whatever `during` does: those that were acknowledged, and what was found of them afterwards. */
async function creatingDuring(stack: RunningStack, during: () => Promise<void>) {
  const client = await newClient(stack)
  const type = `p4-${randomUUID()}`
  const acknowledged: string[] = []
  const refused: number[] = []
  let isOver = false
  const create = async (number: number): Promise<void> => {
    for (let count = 0; !isOver; count++) {
      const name = `${type}-${number}-${count}`
      const status = await createKeyed(client, name, type)
      if (status === 201) acknowledged.push(name)
      else refused.push(status)
    }
  }
  const creating = Promise.all([0, 1, 2, 3].map(create))
  try {
    await during()
  } finally {
    isOver = true
    await creating
  }
  const { lost, doubled } = lostAndDoubled(acknowledged, await namesOf(client, type))
  return { acknowledged, refused, lost, doubled }
}

async function killed(stack: RunningStack): Promise<Verdict> {
  let replies: readonly Reply[] = []
  const writes = await creatingDuring(stack, async () => {
    replies = await readingDuring(stack, () => killAndWait(stack, 'api-2'))
  })
  const failed = failures(replies, [200]).length
  const { acknowledged, refused, lost, doubled } = writes
  return {
    holds: failed + refused.length + lost.length + doubled.length === 0 && acknowledged.length > 0,
    measured:
      `${failed} of ${replies.length} reads failed; of ${acknowledged.length} keyed creates ` +
      `${refused.length} never succeeded, ${lost.length} without effect, ${doubled.length} with two`,
  }
}

const judgeReads = (replies: readonly Reply[], boundMs: number): Verdict => {
  const failed = failures(replies, [200])
  const longest = Math.max(...replies.map(({ tookMs }) => tookMs))
  return {
    holds: failed.length === 0 && longest <= boundMs,
    measured: `${failed.length} of ${replies.length} reads failed${failed.length > 0 ? ` (${failed[0]})` : ''}, longest ${longest.toFixed(0)} ms`,
  }
}

/** Stopped by SIGSTOP: found by the supervisor, which ends it, so that its reads go to another. */
async function frozen(stack: RunningStack): Promise<Verdict> {
  const replies = await readingDuring(stack, async () => {
    const pid = await stack.pid('api-3')
    await stack.kill('api-3', 'SIGSTOP')
    await stack.untilUp('api-3', pid)
  })
  return judgeReads(replies, stallMs)
}

// The balancer lets go of a connection that idles for 5 s; one it had kept would lead past the hole.
const untilLetGoMs = 6_000

/** The share of reads that may. */
const mayWait = 0.01

async function blackholed(stack: RunningStack): Promise<Verdict> {
  // Made before: a write that is sent into the hole waits for the deadline as well, and is never sent again.
  const client = await newClient(stack)
  let replies: readonly Reply[] = []
  await blackhole(stack, 3, async () => {
    await delay(untilLetGoMs)
    replies = await readingDuring(stack, (more) => more(1_000), { client })
  })
  // Who was sent there first waits for the deadline, and while they wait it is the busiest: the others are sent elsewhere. The
  // balancer does not give to a second replica what the first may be working on (nginx/balancer/retry.conf.template).
  const waited = replies.filter(({ status }) => status === 504)
  const others = judgeReads(
    replies.filter((reply) => !waited.includes(reply)),
    stallMs,
  )
  const isRare = waited.length <= replies.length * mayWait
  return {
    holds: isRare && others.holds,
    measured: `${waited.length} of ${replies.length} waited for the deadline and got 504; of the others ${others.measured}`,
  }
}

export const replicaLost: Promised = {
  id: 'P4',
  promise:
    'a replica that is killed or frozen fails no safe request, one that is silent few; a keyed write has one effect',
  bound: `0 failed, none above ${stallMs} ms where it does not die by itself; of one that accepts and is silent, but looks well to the supervisor, 1 % get 504`,
  on: usual,
  measure: inCases([
    { name: 'killed', measure: killed },
    { name: 'frozen', isLong: true, measure: frozen },
    { name: 'blackholed', isLong: true, measure: blackholed },
  ]),
}
