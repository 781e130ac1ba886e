/** Every address there is, with who may use it: what the edge's public list and the permission matrix are made from. */

import type { FastifyInstance } from 'fastify'

export interface RouteEntry {
  readonly method: string
  /** As the router knows it, with `:id`. */
  readonly path: string
  /** `public`, or the permission it needs. */
  readonly access: string
  readonly edgeZone: 'sign-in' | undefined
}

/** Fills the returned list as routes are added to `app`; HEAD is left out, it goes wherever GET does. */
export function routeTable(app: FastifyInstance): readonly RouteEntry[] {
  const routes: RouteEntry[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.public === true ? 'public' : String(config?.permission)
    for (const each of [method].flat()) {
      if (each !== 'HEAD') routes.push({ method: each, path: url, access, edgeZone: config?.edgeZone })
    }
  })
  return routes
}
