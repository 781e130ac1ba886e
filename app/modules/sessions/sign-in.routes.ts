/** The open doors: register, sign in, refresh. Their answers hold secrets, so no copy is kept and nobody may cache them. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { representationOf } from '#http/representation.ts'
import { refusals } from '#http/schemas.ts'
import type { Write, Writes } from '#http/write.ts'
import { AppError } from '#kernel/errors.ts'
import type { Actor } from '#modules/audit/index.ts'
import type { Account } from '#modules/users/index.ts'
import { refreshCookie, refreshTokenOfCookie } from './refresh-cookie.ts'
import type { Registering } from './registration.service.ts'
import { Delivery, Refresh, Registration, SignedIn, SignIn } from './sessions.schemas.ts'
import type { SessionsService } from './sessions.service.ts'

export interface SignInRoutesDeps {
  readonly service: SessionsService
  readonly signIn: (given: SignIn, actor: Actor) => Promise<Account>
  readonly register: Registering
  readonly write: Writes
  readonly allowedOrigins: readonly string[]
  readonly refreshSeconds: number
}

type Answering = { Querystring: Delivery }

export function signInRoutes(deps: SignInRoutesDeps) {
  const { service, signIn, register, write, allowedOrigins, refreshSeconds } = deps
  const wire = representationOf(SignedIn)
  const secret = { replay: 'never' } as const
  const actorOf = ({ principal, id, clientAddress }: FastifyRequest): Actor => ({
    principal,
    requestId: id,
    clientAddress,
  })

  /** Runs `work` as a write and answers who is signed in now, the refresh token where it was asked to go. */
  const answer = (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, keys, delivery }: { status: 200 | 201; keys: string[]; delivery: Delivery['refreshToken'] },
    work: (now: Write) => Promise<Required<SignedIn>>,
  ): Promise<FastifyReply> => {
    reply.header('cache-control', 'no-store')
    return write(request, reply, { ...secret, keys }, async (now) => {
      const { refreshToken, ...signedIn } = await work(now)
      if (delivery === 'body') return { status, representation: wire({ ...signedIn, refreshToken }) }
      reply.header('set-cookie', refreshCookie(refreshToken, refreshSeconds))
      return { status, representation: wire(signedIn) }
    })
  }
  const userAgentOf = (request: FastifyRequest): string => request.headers['user-agent'] ?? ''

  return (app: FastifyInstance): void => {
    const schema = (summary: string, status: number, body: object) => ({
      summary,
      tags: ['accounts'],
      body,
      querystring: Delivery,
      response: { [status]: SignedIn, ...refusals },
    })

    for (const url of ['/api/v1/auth/register', '/api/v1/users/register']) {
      app.post<Answering & { Body: Registration }>(
        url,
        { config: { public: true, edgeZone: 'sign-in' }, schema: schema('Register', 201, Registration) },
        async (request, reply) => {
          const delivery = request.query.refreshToken
          const insert = await register(request.body, request.clientAddress)
          return answer(request, reply, { status: 201, keys: ['users'], delivery }, async (now) =>
            service.open(now, await insert(now), userAgentOf(request)),
          )
        },
      )
    }

    for (const url of ['/api/v1/auth/login', '/api/v1/users/login']) {
      app.post<Answering & { Body: SignIn }>(
        url,
        { config: { public: true, edgeZone: 'sign-in' }, schema: schema('Sign in', 200, SignIn) },
        async (request, reply) => {
          const delivery = request.query.refreshToken
          const account = await signIn(request.body, actorOf(request))
          return answer(request, reply, { status: 200, keys: [], delivery }, (now) =>
            service.open(now, account, userAgentOf(request)),
          )
        },
      )
    }

    app.post<Answering & { Body: Refresh }>(
      '/api/v1/auth/refresh',
      {
        config: { public: true, edgeZone: 'sign-in' },
        schema: {
          ...schema('Exchange the refresh token for new tokens', 200, Refresh),
          description: 'The token in the body, or in the cookie that a sign-in with refreshToken=cookie set.',
        },
      },
      async (request, reply) => {
        const given = request.body?.refreshToken
        const token = given ?? refreshTokenOfCookie(request, allowedOrigins)
        if (!token) throw new AppError('invalid_token', { detail: 'There is no refresh token.' })
        const delivery = given === undefined ? 'cookie' : request.query.refreshToken
        await service.refresh(
          (work) => answer(request, reply, { status: 200, keys: [], delivery }, work),
          token,
        )
        return reply
      },
    )
  }
}
