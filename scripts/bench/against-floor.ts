/** What most rows do: ours under one request against the floor's static answer, and the Redis calls it caused. */

import { enterpriseKey } from './accounts.ts'
import { compare, type Side } from './compare.ts'
import { load, type Request, type Volume } from './load.ts'
import { redisCalls } from './redis-calls.ts'
import type { Context, Figures } from './row.ts'
import type { Ours } from './stacks.ts'

/** One user, cached after the first time. */
export const user = '/api/v1/users/1'

export const get = (path: string, headers: Readonly<Record<string, string>> = enterpriseKey): Request => ({
  path,
  headers,
  expect: 200,
})

/** 64 kept connections unless said otherwise. */
export const volume = ({ scale }: Context, amount: number, connections = 64): Volume => ({
  amount: Math.max(connections, Math.round(amount * scale)),
  connections,
})

interface Measure {
  readonly amount?: number
  readonly connections?: number
  /** Another than the one that most rows share. */
  readonly ours?: Ours
}

export async function againstFloor(
  context: Context,
  request: Request,
  { amount = 20_000, connections = 64, ours }: Measure = {},
): Promise<Figures> {
  const { stacks, rounds, progress } = context
  const { target, redisSocket } = ours ?? (await stacks.ours())
  const reference: Side = {
    target: await stacks.floor(),
    request: get(user),
    ...volume(context, 20_000, connections),
  }
  const subject: Side = { target, request, ...volume(context, amount, connections) }
  const figures = await compare(subject, reference, rounds, progress)
  const counted = volume(context, amount / 4)
  const calls = await redisCalls(redisSocket, counted.amount, () => load(target.url, request, counted))
  return { ...figures, redisCallsPerRequest: calls.perRequest }
}
