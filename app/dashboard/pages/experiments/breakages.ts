/** The experiments that break something in the system, for a moment; their routes exist in demo mode only. */

import { answered, api } from '#dashboard/api/api.ts'

export const crash = (instanceId: string) =>
  answered(api.POST('/api/v1/admin/experiments/crash', { body: { instanceId } }))

export const cutRedis = (seconds: number) =>
  answered(api.POST('/api/v1/admin/experiments/cut-redis', { body: { seconds } }))

export const flood = (requests: number, holdMs: number) =>
  answered(api.POST('/api/v1/admin/experiments/flood', { body: { requests, holdMs } }))
