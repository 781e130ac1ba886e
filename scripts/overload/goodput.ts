/** Goodput against offered load, through the gateway: reads that no cache knows, by clients of every priority at once. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { clientWith } from '#scripts/prove/clients.ts'
import { ask } from '#tests/support/load.ts'
import type { LoadPlan, Stream, StreamResult } from './plan.ts'

export interface Step {
  /** Times capacity. */
  readonly factor: number
  readonly offeredPerSecond: number
  /** Of data, good answers a second. */
  readonly goodPerSecond: number
  readonly streams: readonly StreamResult[]
}

export interface Overload {
  /** Runs one load of `factor` times capacity. */
  step(factor: number, seconds: number): Promise<Step>
  readonly capacityPerSecond: number
}

// 2,000 rows, and more pages of them than a minute of load reads: most are asked for once.
const page = '/api/v1/resources?limit={81-100}&skip={0-1900}'

async function fill(stack: RunningStack): Promise<void> {
  const admin = clientWith(stack, 'admin-token-dev')
  const description =
    'What a description of this thing might say, in about as many words as people use for it.'
  for (let batch = 0; batch < 20; batch++) {
    const resources = Array.from({ length: 100 }, (_, index) => ({
      name: `thing ${batch}-${index}`,
      type: 'document',
      description,
      metadata: { colour: 'green', size: index },
    }))
    const { status, body } = await admin.send('POST', '/api/v1/resources/batch', { resources })
    if (status !== 201) throw new Error(`no data: ${status} ${body}`)
  }
}

/** The token of an account that pays the most, and is no admin. */
async function payingToken(stack: RunningStack): Promise<string> {
  const admin = clientWith(stack, 'admin-token-dev')
  const raised = await admin.send('PUT', '/api/v1/admin/users/2/tier', { tier: 'enterprise' })
  const signedIn = await ask(stack.gateway, {
    method: 'POST',
    path: '/api/v1/auth/login',
    body: { email: 'user@example.com', password: 'user123' },
  })
  if (raised.status !== 200 || signedIn.status !== 200)
    throw new Error(`no paying client: ${raised.status}, ${signedIn.status} ${signedIn.body}`)
  return (JSON.parse(signedIn.body) as { token: string }).token
}

async function run(plan: LoadPlan, before: readonly string[]): Promise<StreamResult[]> {
  const [program = process.execPath, ...rest] = [...before, process.execPath]
  const generator = join(import.meta.dirname, 'generator.ts')
  const child = spawn(program, [...rest, generator, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout)) as StreamResult[]
}

/** @param before - what the generator's command begins with: the cores it may use */
export async function openOverload(stack: RunningStack, before: readonly string[]): Promise<Overload> {
  await fill(stack)
  const token = await payingToken(stack)
  const port = Number(new URL(stack.gateway).port)
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
  const mix = (perSecond: number): Stream[] => [
    { name: 'anonymous', perSecond: perSecond * 0.9, path: page, headers: {} },
    { name: 'enterprise', perSecond: perSecond * 0.08, path: page, headers: bearer(token) },
    { name: 'admin', perSecond: perSecond * 0.02, path: page, headers: bearer('admin-token-dev') },
    { name: 'health', perSecond: 20, path: '/api/v1/health', headers: {} },
  ]
  const limits = { port, addresses: 250, patienceMs: 3_000 }
  // Few clients that ask again at once: as much as can be answered, and no more.
  const closed = async (seconds: number): Promise<number> => {
    const streams = [{ name: 'all', perSecond: 20_000, path: page, headers: {} }]
    const [result] = await run({ ...limits, seconds, streams, connections: 48 }, before)
    return (result?.good ?? 0) / seconds
  }
  // V8 goes on optimising for a while: what a cold system can do is half of its capacity.
  await closed(12)
  const capacityPerSecond = await closed(5)
  return {
    capacityPerSecond,
    async step(factor, seconds) {
      const offeredPerSecond = capacityPerSecond * factor
      const streams = await run(
        { ...limits, seconds, streams: mix(offeredPerSecond), connections: 2_000 },
        before,
      )
      const good = streams.filter(({ name }) => name !== 'health').reduce((sum, each) => sum + each.good, 0)
      return { factor, offeredPerSecond, goodPerSecond: good / seconds, streams }
    },
  }
}
