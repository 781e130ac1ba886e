/** How replicas know each other: a token made of the secret they share, for addresses that are nobody else's business. */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface InternalAccess {
  /** To be sent to another replica. No connection is kept: one that stands idle would hold up its drain. */
  readonly headers: { readonly authorization: string; readonly connection: 'close' }
  isInternal(authorization: string | undefined): boolean
}

export function internalAccess(serverKey: string): InternalAccess {
  const token = createHmac('sha256', serverKey).update('between replicas').digest('base64url')
  return {
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
    isInternal: (authorization) => isBearer(authorization, token),
  }
}

/** Compared by digest: equal lengths, so that the time taken tells nothing. An empty token opens to nobody. */
export function isBearer(authorization: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return token !== '' && timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}
