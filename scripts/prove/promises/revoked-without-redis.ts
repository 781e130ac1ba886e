/** P10 while no revocation comes by the bus: one replica cut from Redis, and Redis killed. */

import { setTimeout as delay } from 'node:timers/promises'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { admin, answered, type Client, newAccount, newKey } from '#scripts/prove/clients.ts'
import { openDatabase } from '#scripts/prove/database.ts'
import { without } from '#scripts/prove/faults.ts'
import { judged, outlivedBy } from '#scripts/prove/outlived.ts'
import type { Verdict } from '#scripts/prove/promise.ts'
import { signOut } from '#scripts/prove/revocations.ts'
import { byStatus, outlive } from '#scripts/prove/uses.ts'
import { ask } from '#tests/support/load.ts'

async function untilCut(stack: RunningStack, name: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isCut(stack, name)) return
    await delay(25)
  }
  throw new Error(`${name} was not cut from Redis`)
}

async function isCut({ replicas }: RunningStack, name: string): Promise<boolean> {
  const { body } = await ask(replicas[name] ?? '', { method: 'GET', path: '/health/ready' })
  return (JSON.parse(body) as { dependencies: { redis: string } }).dependencies.redis === 'down'
}

/** The others reach Redis, and tell it by Postgres. */
export async function withCutReplica(stack: RunningStack): Promise<Verdict> {
  const cut = { instanceId: 'api-2', seconds: 15 }
  const begun = await admin(stack).send('POST', '/api/v1/admin/experiments/cut-redis', cut)
  answered(begun, 202, 'nothing was cut')
  await untilCut(stack, 'api-2')
  const found = await outlivedBy(stack, [signOut], 3)
  if (!(await isCut(stack, 'api-2'))) throw new Error('the cut was over too soon')
  return judged(found, 1_000)
}

/** Of the session an access token belongs to. */
const sessionOf = ({ headers }: Client): number => {
  const claims = String(headers.authorization).split('.')[1] ?? ''
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: number }).sid
}

/** Revoked in Postgres alone, so that nobody is told: each replica has to find out by asking. */
export async function withoutRedis(stack: RunningStack): Promise<Verdict> {
  const database = openDatabase(stack)
  const found: Parameters<typeof judged>[0][number][] = []
  try {
    for (let round = 0; round < 3; round++) {
      const { session } = await newAccount(stack)
      const key = await newKey(stack)
      await without(stack, ['redis'], async () => {
        const ended = await outlive(
          stack,
          [{ client: session, path: '/api/v1/me', isLetIn: byStatus(401) }],
          async () => {
            await database.text('update sessions set ended_at = now() where id = $1', [sessionOf(session)])
          },
        )
        const deleted = await outlive(
          stack,
          [{ client: key.client, path: '/api/v1/users/1', isLetIn: byStatus(401) }],
          async () => {
            await database.text('update api_keys set revoked_at = now() where id = $1', [key.id])
          },
        )
        found.push({ name: 'session', ...ended }, { name: 'key', ...deleted })
      })
      await stack.untilUp('redis')
    }
  } finally {
    await database.close()
  }
  return judged(found, 500)
}
