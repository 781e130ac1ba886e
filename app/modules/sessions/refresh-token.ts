/**
 * Refresh tokens: opaque to clients, `slr.<session>.<secret>.<tag>`. Each one's successor follows from it under the
 * server's key, so a retry gets the same one although only hashes are stored. The tag says that we issued it: what was
 * ours and is no longer current was stolen or leaked; what never was ours is noise and ends nobody's session.
 */

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface RefreshTokens {
  /** The first token of a session. */
  first(sessionId: number): string
  /** The one that follows `token`: always the same. */
  successor(token: string): string
  /** The session `token` was issued for; undefined for what we never issued. */
  sessionOf(token: string): number | undefined
}

export function refreshTokens(serverKey: string): RefreshTokens {
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', serverKey).update(`refresh-token ${purpose}\n`).update(text).digest()
  const tagOf = (unsigned: string): Buffer => mac('tag', unsigned).subarray(0, 16)
  const signed = (sessionId: number, secret: Buffer): string => {
    const unsigned = `slr.${sessionId}.${secret.toString('base64url')}`
    return `${unsigned}.${tagOf(unsigned).toString('base64url')}`
  }
  const sessionOf = (token: string): number | undefined => {
    const [, unsigned = '', sessionId, tag = ''] = shape.exec(token) ?? []
    const isOurs = sessionId !== undefined && timingSafeEqual(tagOf(unsigned), Buffer.from(tag, 'base64url'))
    return isOurs ? Number(sessionId) : undefined
  }
  return {
    first: (sessionId) => signed(sessionId, randomBytes(32)),
    successor: (token) => signed(sessionOf(token) ?? 0, mac('successor', token)),
    sessionOf,
  }
}

const shape = /^(slr\.(\d{1,15})\.[\w-]{43})\.([\w-]{21}[AQgw])$/

/** What is stored of a token. */
export const refreshHash = (token: string): Buffer => hash('sha256', token, 'buffer')
