/** Decides by the permission written on the route. What only an owner may do is a rule of the service, not of a route. */

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { AppError } from '#kernel/errors.ts'
import type { Permission, Principal } from '#kernel/principal.ts'
import type { Refusal, Room } from './rooms.ts'

/** Anyone with a valid credential: what they may touch is then decided by ownership. */
export const anyPrincipal = 'any-principal'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to everyone, on purpose. A route has this or a `permission`, or the process does not start. */
    public?: true
    permission?: Permission | typeof anyPrincipal
    /** The edge counts it as signing in: a few a minute from one address. */
    edgeZone?: 'sign-in'
  }
}

/** Refuses what the principal may not do. */
export const authorize: Room = {
  enter({ rules, principal }: FastifyRequest): Refusal {
    const needed = rules.permission
    return needed === undefined || isAllowed(principal, needed) ? undefined : refusal(principal, needed)
  },
}

/** Refuses at start-up every route that does not say who may use it. */
export function requirePermissions(app: FastifyInstance, declared: ReadonlySet<string>): void {
  app.addHook('onRoute', (route) => checkDeclaration(route, declared))
}

const isAllowed = (principal: Principal, needed: string): boolean =>
  needed === anyPrincipal ? principal.kind !== 'anonymous' : principal.permissions.has(needed)

export const credentialNeeded = (): AppError =>
  new AppError('unauthorized', { detail: 'Send Authorization: Bearer with an access token or an API key.' })

const refusal = (principal: Principal, needed: string): AppError =>
  principal.kind === 'anonymous'
    ? credentialNeeded()
    : new AppError('forbidden', { detail: `This needs the permission ${needed}.` })

function checkDeclaration({ url, method, config }: RouteOptions, declared: ReadonlySet<string>): void {
  const route = `${String(method)} ${url}`
  if (config?.public === true) return
  if (config?.permission === undefined) throw new Error(`${route} has neither a permission nor public: true`)
  if (config.permission !== anyPrincipal && !declared.has(config.permission)) {
    throw new Error(`${route} needs ${config.permission}, which no module declares`)
  }
}
