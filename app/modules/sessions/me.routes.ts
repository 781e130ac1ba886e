/** What a person sees and changes of themselves: their account, their sessions, their password. */

import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { anyPrincipal } from '#http/authorize.ts'
import { idParams, refusals } from '#http/schemas.ts'
import type { Outcome, Write, Writes } from '#http/write.ts'
import type { Principal } from '#kernel/principal.ts'
import type { MeService } from './me.service.ts'
import { endedRefreshCookie } from './refresh-cookie.ts'
import { Me, NewName, PasswordChange, SessionViews } from './sessions.schemas.ts'
import type { SessionsService } from './sessions.service.ts'

export interface MeRoutesDeps {
  readonly me: MeService
  readonly sessions: SessionsService
  readonly write: Writes
}

const done: Outcome = { status: 204 }
const config = { permission: anyPrincipal } as const
const response = { 204: Type.Null(), ...refusals }
const tags = ['accounts']

export const meRoutes =
  ({ me, sessions, write }: MeRoutesDeps) =>
  (app: FastifyInstance): void => {
    const keysOf = ({ userId }: Principal) => ({ keys: [`user:${userId}`, 'users'] })
    const then204 = (work: (now: Write) => Promise<void>) => async (now: Write) => {
      await work(now)
      return done
    }

    app.get(
      '/api/v1/me',
      { config, schema: { summary: 'Who I am and what I may do', tags, response: { 200: Me, ...refusals } } },
      (request) => me.read(request.principal),
    )

    app.patch<{ Body: { name: string } }>(
      '/api/v1/me',
      {
        config,
        schema: { summary: 'Change my name', tags, body: NewName, response: { 200: Me, ...refusals } },
      },
      (request, reply) =>
        write(request, reply, keysOf(request.principal), async (now) => ({
          status: 200,
          representation: await me.rename(now, request.body.name),
        })),
    )

    app.delete(
      '/api/v1/me',
      { config, schema: { summary: 'Close my account', tags, response } },
      (request, reply) => write(request, reply, keysOf(request.principal), then204(me.close)),
    )

    app.get(
      '/api/v1/me/export',
      {
        config: { ...config, cost: 10 },
        schema: {
          summary: 'Everything kept about me',
          tags,
          response: { 200: Type.Object({}, { additionalProperties: true }), ...refusals },
        },
      },
      async (request, reply) =>
        reply.type('application/json; charset=utf-8').send(await me.export(request.principal)),
    )

    app.put<{ Body: PasswordChange }>(
      '/api/v1/me/password',
      {
        config,
        schema: {
          summary: 'Change my password; ends my other sessions',
          tags,
          body: PasswordChange,
          response,
        },
      },
      async (request, reply) => {
        const change = await me.checkedPassword(request, request.body)
        return write(request, reply, { keys: [], replay: 'never' }, then204(change))
      },
    )

    app.get(
      '/api/v1/me/sessions',
      { config, schema: { summary: 'My sessions', tags, response: { 200: SessionViews, ...refusals } } },
      (request) => me.sessions(request.principal),
    )

    app.delete<{ Params: { id: number } }>(
      '/api/v1/me/sessions/:id',
      {
        config,
        schema: { summary: 'End one of my sessions', tags, params: idParams(), response },
      },
      (request, reply) =>
        write(
          request,
          reply,
          { keys: [`session:${request.params.id}`] },
          then204((now) => sessions.endOne(now, request.params.id)),
        ),
    )

    app.post(
      '/api/v1/auth/logout',
      { config, schema: { summary: 'End this session', tags, response } },
      (request, reply) => {
        reply.header('set-cookie', endedRefreshCookie)
        return write(
          request,
          reply,
          { keys: [`session:${request.principal.credentialId}`] },
          then204(sessions.signOut),
        )
      },
    )

    app.post(
      '/api/v1/auth/logout-all',
      { config, schema: { summary: 'End all my sessions', tags, response } },
      (request, reply) => {
        reply.header('set-cookie', endedRefreshCookie)
        return write(
          request,
          reply,
          { keys: [] },
          then204((now) => sessions.endAll(now, 'signed_out')),
        )
      },
    )
  }
