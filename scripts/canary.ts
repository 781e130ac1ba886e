/**
 * `make canary WEIGHT=10`: new code on one replica, with a part of the traffic, withdrawn by itself when it fails more often.
 * `make canary PROMOTE=1`: the code on all of them. `make canary WITHDRAW=1`: the former code back.
 */

import { begin, type Look, promote, watch, withdraw } from './engine/canary.ts'
import { command } from './engine/command.ts'
import { fleetOf } from './engine/engine.ts'
import { EngineError } from './engine/engine-error.ts'
import { layoutOf } from './engine/layout.ts'
import { localSettings } from './engine/settings.ts'

const usage =
  'make canary WEIGHT=1…100 [RELEASE=<commit>] [MINUTES=5], then make canary PROMOTE=1 or make canary WITHDRAW=1'

/** What the balancer's page says; nothing while it does not answer. */
const lookAt = (port: number) => async (): Promise<readonly Look[]> => {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/lb/status`, { signal: AbortSignal.timeout(2_000) })
    const { replicas = [] } = (await answer.json()) as { replicas?: Look[] }
    // A replica of an earlier release does not tell its errors.
    return replicas.map((replica) => ({ ...replica, errorsPerSecond: replica.errorsPerSecond ?? 0 }))
  } catch {
    return []
  }
}

await command(async () => {
  const { WEIGHT, RELEASE, PROMOTE, WITHDRAW, MINUTES = '5' } = process.env
  const settings = localSettings()
  const layout = layoutOf(settings.config.PORT_BASE)
  const fleet = fleetOf({ settings, layout })
  const say = (line: string) => console.log(line)
  if (PROMOTE === '1') return promote(fleet, say)
  if (WITHDRAW === '1') return withdraw(fleet, say)
  if (!/^([1-9]\d?|100)$/.test(WEIGHT ?? '') || !/^\d+(\.\d+)?$/.test(MINUTES)) throw new EngineError(usage)

  const canary = await begin(fleet, RELEASE ? fleet.prepare(RELEASE) : undefined, Number(WEIGHT), say)
  const forMs = Number(MINUTES) * 60_000
  if (forMs > 0) {
    const problem = await watch(canary, { look: lookAt(layout.ports.balancer), forMs, say })
    if (problem !== undefined) {
      await withdraw(fleet, say)
      throw new EngineError(`withdrawn: ${problem}`)
    }
  }
  say('nothing speaks against it; nobody watches it any more: make canary PROMOTE=1, WITHDRAW=1 or WEIGHT=…')
})
