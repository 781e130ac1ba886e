import type { RequestEvent } from './system.schemas.ts'

interface Answered {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
  readonly tier: string
}

/** One finished request, as the live stream tells of it. */
export function requestEvent(instanceId: string, answered: Answered): string {
  const { requestId, method, route, status, durationMs, tier } = answered
  const ms = Math.round(durationMs * 100) / 100
  const time = new Date().toISOString()
  return JSON.stringify({
    time,
    requestId,
    method,
    route,
    status,
    ms,
    tier,
    instanceId,
  } satisfies RequestEvent)
}
