/** What every address for other replicas alone has in common. */

import type { FastifyRequest } from 'fastify'
import { AppError } from '#kernel/errors.ts'

/** No part of the contract; its bearer is no principal's. */
export const betweenReplicas = { schema: { hide: true }, config: { hasOwnCredential: true } } as const

/** Tells a replica from others by what it sends. */
export interface KnowsReplicas {
  isInternal(authorization: string | undefined): boolean
}

export function refuseOthers({ headers }: FastifyRequest, internal: KnowsReplicas): void {
  if (internal.isInternal(headers.authorization)) return
  throw new AppError('unauthorized', { detail: 'This is for other replicas alone.' })
}
