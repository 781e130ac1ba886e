/**
 * The refresh token as a cookie that no script can read. It can do one thing, refresh, and only for pages of ours: the
 * browser says where a request comes from (Sec-Fetch-Site, Origin), and one that says nothing is not a browser.
 */

import type { FastifyRequest } from 'fastify'
import { forbidden } from '#kernel/errors.ts'

const name = '__Secure-refresh'
const attributes = 'Path=/api; HttpOnly; Secure; SameSite=Strict'

export const refreshCookie = (token: string, maxAgeSeconds: number): string =>
  `${name}=${token}; Max-Age=${maxAgeSeconds}; ${attributes}`

export const endedRefreshCookie = refreshCookie('', 0)

/** The token of the cookie, if there is one. @throws {AppError} `forbidden` when a page of somebody else's sent it. */
export function refreshTokenOfCookie(
  request: FastifyRequest,
  allowedOrigins: readonly string[],
): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(/; */)
  const token = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  if (!token) return undefined
  if (!isOwnPage(request, allowedOrigins)) throw forbidden('The cookie works for pages of this site only.')
  return token
}

function isOwnPage({ headers }: FastifyRequest, allowedOrigins: readonly string[]): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  if (typeof origin === 'string' && allowedOrigins.includes(origin)) return true
  return site === 'same-origin'
}
