/** What every address for other replicas alone has in common. */

import type { FastifyRequest } from 'fastify'
import { AppError } from '#kernel/errors.ts'
import type { InternalAccess } from '#platform/internal-access.ts'

/** No part of the contract; its bearer is no principal's. */
export const betweenReplicas = { schema: { hide: true }, config: { hasOwnCredential: true } } as const

export function refuseOthers({ headers }: FastifyRequest, internal: InternalAccess): void {
  if (internal.isInternal(headers.authorization)) return
  throw new AppError('unauthorized', { detail: 'This is for other replicas alone.' })
}
