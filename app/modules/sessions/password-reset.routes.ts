/** The doors for who cannot sign in yet, or no longer. */

import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { refusals } from '#http/schemas.ts'
import type { Writes } from '#http/write.ts'
import { Email } from '#modules/users/index.ts'
import type { PasswordReset } from './password-reset.service.ts'
import { NewPassword } from './sessions.schemas.ts'

const strict = { additionalProperties: false }
const Asked = Type.Object(
  { email: Email },
  { ...strict, title: 'PasswordResetRequest', examples: [{ email: 'user@example.com' }] },
)
const NewSecret = Type.Object(
  { token: Type.String({ maxLength: 100 }), password: NewPassword },
  {
    ...strict,
    title: 'NewPassword',
    examples: [{ token: 'as the invitation gave it', password: 'a long enough sentence' }],
  },
)

const config = { public: true, edgeZone: 'sign-in' } as const
const tags = ['accounts']

export const passwordResetRoutes =
  ({ reset, write }: { readonly reset: PasswordReset; readonly write: Writes }) =>
  (app: FastifyInstance): void => {
    app.post<{ Body: Static<typeof Asked> }>(
      '/api/v1/auth/password-reset',
      {
        config,
        schema: {
          summary: 'Ask for a token to set a new password',
          tags,
          body: Asked,
          response: { 202: Type.Object({ status: Type.Literal('accepted') }), ...refusals },
        },
      },
      async (request, reply) => {
        const { principal, id: requestId, clientAddress } = request
        await reset.ask(request.body.email, { principal, requestId, clientAddress })
        return reply.code(202).send({ status: 'accepted' })
      },
    )

    app.put<{ Body: Static<typeof NewSecret> }>(
      '/api/v1/auth/password',
      {
        config,
        schema: {
          summary: 'Set a password with an invitation or reset token; ends all sessions',
          tags,
          body: NewSecret,
          response: { 204: Type.Null(), ...refusals },
        },
      },
      async (request, reply) => {
        const { token, password } = request.body
        const set = await reset.set(token, password, request.clientAddress)
        return write(request, reply, { keys: [], replay: 'never' }, async (now) => {
          await set(now)
          return { status: 204 }
        })
      },
    )
  }
