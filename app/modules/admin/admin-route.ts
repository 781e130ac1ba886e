/** What every route of an admin has in common. */

import type { TSchema } from 'typebox'
import { refusals } from '#http/schemas.ts'

export const reading = { permission: 'admin:read' } as const
export const writing = { permission: 'admin:write' } as const

/** The schema of a route that answers `answer` with `status`. */
export const described = (summary: string, answer: TSchema, status: 200 | 202 = 200) => ({
  summary,
  tags: ['admin'],
  response: { [status]: answer, ...refusals },
})
