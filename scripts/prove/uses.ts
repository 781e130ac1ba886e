/** Uses one credential through the gateway without a pause, until what is waited for was seen at every replica. */

import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import type { Reply } from '#tests/support/load.ts'
import type { Client } from './clients.ts'
import { outlivedMs, type Use } from './histories.ts'

/** What is asked with it, and what the answer says of it; undefined when it says neither. */
export interface Question {
  readonly client: Client
  readonly path: string
  readonly isLetIn: (reply: Reply) => boolean | undefined
}

export const byStatus =
  (refusal: number) =>
  ({ status }: Reply): boolean | undefined =>
    status === 200 ? true : status === refusal ? false : undefined

const users = 4
const paceMs = 15
const longestMs = 5_000
/** So many answers of a replica in succession, and so long, before it is believed. */
const enough = 3
const atLeastMs = 300

interface Other {
  readonly askedAtMs: number
  readonly text: string
}

interface Using {
  readonly uses: readonly Use[]
  /** Answers that say neither. */
  readonly others: readonly Other[]
  /** Until every replica answered `isLetIn`, again and again. False when they did not in 5 s. */
  until(isLetIn: boolean): Promise<boolean>
  stop(): Promise<void>
}

function startUsing({ client, path, isLetIn }: Question, replicas: readonly string[]): Using {
  const uses: Use[] = []
  const others: Other[] = []
  let isOver = false
  const use = async (): Promise<void> => {
    while (!isOver) {
      const askedAtMs = performance.now()
      const reply = await client.get(path)
      const said = isLetIn(reply)
      const replica = String(reply.headers['x-served-by'])
      if (said === undefined)
        others.push({ askedAtMs, text: `${reply.status} of ${replica}: ${reply.body.slice(0, 120)}` })
      else uses.push({ askedAtMs, replica, isLetIn: said })
      await delay(paceMs)
    }
  }
  const all = Promise.all(Array.from({ length: users }, use))
  const agree = (wanted: boolean): boolean =>
    replicas.every((replica) => {
      const last = uses.filter((each) => each.replica === replica).slice(-enough)
      return last.length === enough && last.every((each) => each.isLetIn === wanted)
    })
  return {
    uses,
    others,
    async until(wanted) {
      const startedAt = performance.now()
      const lasted = () => performance.now() - startedAt
      while (lasted() < longestMs && !(lasted() >= atLeastMs && agree(wanted))) await delay(paceMs)
      return agree(wanted)
    },
    async stop() {
      isOver = true
      await all
    },
  }
}

export interface Outlived {
  /** From the moment at which the revocation was acknowledged. */
  readonly longestMs: number
  readonly uses: number
  /** What was answered otherwise; only of what was asked afterwards, as an account that is being closed is a 404 for a moment. */
  readonly others: readonly string[]
}

/** How long what was asked was still answered, by any of the replicas that let it in before, once `revoke` was over. */
export async function outlive(
  stack: RunningStack,
  questions: readonly Question[],
  revoke: () => Promise<void>,
): Promise<Outlived> {
  const replicas = Object.keys(stack.replicas)
  const all = questions.map((question) => startUsing(question, replicas))
  try {
    const began = await Promise.all(all.map((using) => using.until(true)))
    if (!began.every(Boolean)) throw new Error(`it never worked everywhere: ${all[0]?.others[0]?.text}`)
    await revoke()
    const revokedAtMs = performance.now()
    await Promise.all(all.map((using) => using.until(false)))
    return {
      longestMs: Math.max(...all.map(({ uses }) => outlivedMs(uses, replicas, revokedAtMs))),
      uses: all.reduce((sum, { uses }) => sum + uses.length, 0),
      others: all.flatMap(({ others }) =>
        others.filter(({ askedAtMs }) => askedAtMs >= revokedAtMs).map(({ text }) => text),
      ),
    }
  } finally {
    await Promise.all(all.map((using) => using.stop()))
  }
}
