/** The rooms of a request, in their order: the only place where the order is written (docs/request.md). */

import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import { type FastifyInstance, fastify } from 'fastify'
import { type AdmitDeps, admit } from './admit.ts'
import { type AuthenticateDeps, authenticate } from './authenticate.ts'
import { authorize, requirePermissions } from './authorize.ts'
import { type DeadlineDeps, deadline } from './deadline.ts'
import { clientErrorReply, errorReply } from './error-reply.ts'
import { type HealthDeps, health } from './health.ts'
import { identify, requestId } from './identify.ts'
import { jsonBody } from './json-body.ts'
import { notFoundReply } from './not-found.ts'
import { type ObserveDeps, observe } from './observe.ts'
import { openapi } from './openapi.ts'
import { type RateLimitDeps, rateLimit } from './rate-limit.ts'
import { type Room, rooms } from './rooms.ts'
import { type RouteEntry, routeTable } from './route-table.ts'
import { Problem } from './schemas.ts'
import { validation } from './validation.ts'

/** What a module brings: the permissions it declares and its addresses. */
export interface RouteModule {
  readonly permissions: readonly string[]
  readonly routes: (app: FastifyInstance) => void | Promise<void>
  /** Those that only the balancer and other replicas reach: no credential, no limit. */
  readonly internalRoutes?: (app: FastifyInstance) => void
}

export interface ServerDeps {
  readonly version: string
  readonly health: HealthDeps
  readonly observe: ObserveDeps
  readonly authenticate: AuthenticateDeps
  readonly deadline: DeadlineDeps
  readonly admit: AdmitDeps
  readonly rateLimit: RateLimitDeps
  readonly modules: readonly RouteModule[]
  readonly trustedProxies: readonly string[]
  /** Origins answered here; empty where the edge does it. */
  readonly corsOrigins: readonly string[]
  readonly logDefect: (error: unknown, requestId: string) => void
}

export interface BuiltServer {
  readonly app: FastifyInstance
  /** The routes of the modules and of health; not the documentation, not the internal ones. */
  readonly routes: readonly RouteEntry[]
}

export async function buildServer(deps: ServerDeps): Promise<BuiltServer> {
  const reply = errorReply((error, request) => deps.logDefect(error, request.id))
  const app = fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    // The balancer closes idle connections first: a request can then never meet a socket that is just being closed.
    keepAliveTimeout: 72_000,
    requestTimeout: 30_000,
    http: { maxHeaderSize: 32 * 1024 },
    forceCloseConnections: false,
    return503OnClosing: false,
    genReqId: requestId,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: true },
    // The address could not even be read: no room was entered.
    frameworkErrors: (error, request, response) => {
      response.headers({ 'x-request-id': request.id, 'x-served-by': deps.health.instanceId })
      reply(error, request, response)
    },
    clientErrorHandler: clientErrorReply,
  })
  app.setErrorHandler(reply)
  app.addSchema(Problem)
  validation(app)
  jsonBody(app)

  await app.register(compress, {
    global: false,
    encodings: ['br'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  })
  const through = rooms(app)
  const entrance = [
    identify(deps.trustedProxies, deps.health.instanceId),
    observe(app, deps.observe),
    drain(deps.health.isDraining),
    deadline(app, deps.deadline),
  ]
  const gate = [authenticate(deps.authenticate), admit(deps.admit), rateLimit(app, deps.rateLimit), authorize]
  if (deps.corsOrigins.length === 0) through(...entrance, ...gate)
  else {
    through(...entrance)
    await app.register(cors, corsFor(deps.corsOrigins))
    through(...gate)
  }
  notFoundReply(app)
  await openapi(app, deps.version)

  let routes: readonly RouteEntry[] = []
  await app.register(async (api) => {
    routes = routeTable(api)
    requirePermissions(api, new Set(deps.modules.flatMap((module) => module.permissions)))
    health(api, deps.health)
    for (const module of deps.modules) await module.routes(api)
  })
  await app.register(async (internal) => {
    for (const module of deps.modules) module.internalRoutes?.(internal)
  })
  return { app, routes }
}

/** What the edge says to browsers (nginx/snippets/preflight-headers.conf), for a replica without one. */
const corsFor = (origins: readonly string[]) => ({
  origin: [...origins],
  credentials: true,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  exposedHeaders: [
    ...['Cache-Status', 'ETag', 'Idempotency-Replayed', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy'],
    ...['Retry-After', 'X-Request-Id', 'X-Served-By'],
  ],
})

// A draining replica answers what still arrives and asks for the connection to be closed after it (docs/deploys.md).
const drain = (isDraining: () => boolean): Room => ({
  enter(_request, reply) {
    if (isDraining()) reply.header('connection', 'close')
    return undefined
  },
})
