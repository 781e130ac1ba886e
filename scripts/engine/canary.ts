/**
 * New code on the last replica, with a share of the traffic.
 *
 *   begin, again with another weight ──▶ watched ──▶ promoted    the others get the code too
 *                                           │
 *                                           └──────▶ withdrawn   fails more often than the others, dies, or as asked
 */

import { setTimeout as delay } from 'node:timers/promises'
import { EngineError } from './engine-error.ts'
import { type Fleet, previous } from './fleet.ts'
import { renew } from './rollout.ts'
import type { Canary } from './shares.ts'
import { type Bounds, bounds, errorPercent, isWorse, type Seen } from './verdict.ts'

type Say = (line: string) => void

/** Migrates, gives the last replica the code, and only then a share. Another weight for the same code restarts nothing. */
export async function begin(
  fleet: Fleet,
  release: string | undefined,
  weight: number,
  say: Say,
): Promise<Canary> {
  const known = fleet.canary()
  if (known !== undefined) {
    if (release !== undefined && release !== known.release)
      throw new EngineError(
        `${known.name} tries ${fleet.describe(known.release)} already: PROMOTE=1 or WITHDRAW=1 first`,
      )
    return share(fleet, { ...known, weight }, say)
  }
  const name = fleet.names.at(-1)
  if (name === undefined || fleet.names.length < 2) throw new EngineError('a canary needs others beside it')
  const next = release ?? fleet.prepare()
  const canary = { name, release: next, former: fleet.releaseOf(name), weight }
  await fleet.migrate(next)
  // While it is replaced nobody is sent to it, and a weight it does not have yet would be shared out to nobody.
  await fleet.balance({ ...canary, weight: 0 })
  try {
    await renew(fleet, name, next)
  } catch (error) {
    await fleet.balance(undefined)
    throw error
  }
  return share(fleet, canary, say)
}

async function share(fleet: Fleet, canary: Canary, say: Say): Promise<Canary> {
  await fleet.balance(canary)
  say(`${canary.name} runs ${fleet.describe(canary.release)} and gets ${canary.weight} of 100 requests`)
  return canary
}

/** The code of the canary on every replica. */
export async function promote(fleet: Fleet, say: Say): Promise<void> {
  const canary = required(fleet)
  // One after the other, beside a canary that is known to be good; equal shares come last.
  fleet.choose(previous, canary.former)
  for (const name of fleet.names.filter((each) => each !== canary.name)) {
    await renew(fleet, name, canary.release)
    say(`${name} runs ${fleet.describe(canary.release)}`)
  }
  await fleet.balance(undefined)
  say('promoted: every replica has the same share again')
}

/** The canary gets its former code back. Its migrations stay: they only add what older code can live with. */
export async function withdraw(fleet: Fleet, say: Say): Promise<void> {
  const canary = required(fleet)
  await fleet.balance({ ...canary, weight: 0 })
  fleet.choose(canary.name, canary.former)
  await fleet.replace(canary.name)
  await fleet.balance(undefined)
  say(`withdrawn: ${canary.name} runs ${fleet.describe(canary.former)} again`)
}

function required(fleet: Fleet): Canary {
  const canary = fleet.canary()
  if (canary === undefined) throw new EngineError('there is no canary: make canary WEIGHT=10')
  return canary
}

/** One look at a replica, as /lb/status tells of it. */
export interface Look {
  readonly instanceId: string
  readonly state: string
  readonly startedAt: string
  readonly requestsPerSecond: number
  readonly errorsPerSecond: number
}

export interface Watch {
  /** All replicas; empty when nobody answers. */
  look(): Promise<readonly Look[]>
  readonly forMs: number
  /** As long as the window that the rates are told of. */
  readonly everyMs?: number
  readonly bounds?: Bounds
  readonly say: Say
}

/** Watches for `forMs`. @returns why it must be withdrawn, or undefined while nothing speaks against it */
export async function watch(canary: Canary, options: Watch): Promise<string | undefined> {
  const { look, forMs, everyMs = 2_000, bounds: limits = bounds, say } = options
  const looks = Math.max(1, Math.floor(forMs / everyMs))
  let startedAt: string | undefined
  let own = nothing
  let others = nothing
  let absent = 0
  for (let looked = 1; ; looked += 1) {
    const replicas = await look()
    const ownLook = replicas.find(({ instanceId }) => instanceId === canary.name)
    startedAt ??= ownLook?.startedAt
    if (ownLook !== undefined && ownLook.state !== 'down') absent = 0
    else if (replicas.length > 0) absent += 1
    if (absent === absentLooks) return `${canary.name} does not answer`
    if (ownLook !== undefined && ownLook.startedAt !== startedAt)
      return `${canary.name} ended and had to be started again`
    const seconds = everyMs / 1_000
    own = plus(own, ownLook === undefined ? [] : [ownLook], seconds)
    others = plus(
      others,
      replicas.filter((each) => each !== ownLook),
      seconds,
    )
    const said = `${percent(own)} of ${own.requests.toFixed(0)} requests failed, beside it ${percent(others)} of ${others.requests.toFixed(0)}`
    say(`${canary.name}: ${said}`)
    if (isWorse(own, others, limits)) return said
    if (looked === looks) return undefined
    await delay(everyMs)
  }
}

// A machine with too much to do lets a beat or two be late.
const absentLooks = 3

const nothing: Seen = { requests: 0, errors: 0 }
const percent = (seen: Seen): string => `${errorPercent(seen).toFixed(2)} %`

const plus = (sum: Seen, looks: readonly Look[], seconds: number): Seen => ({
  requests: sum.requests + looks.reduce((all, { requestsPerSecond }) => all + requestsPerSecond * seconds, 0),
  errors: sum.errors + looks.reduce((all, { errorsPerSecond }) => all + errorsPerSecond * seconds, 0),
})
