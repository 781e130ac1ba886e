/**
 * What no route answers: for a known path OPTIONS with its methods, or 405; for an unknown one 401 without a credential,
 * else 404.
 */

import type { FastifyInstance } from 'fastify'
import { AppError } from '#kernel/errors.ts'
import { credentialNeeded } from './authorize.ts'

export function notFoundReply(app: FastifyInstance): void {
  const methodsByPath = new Map<string, { pattern: RegExp; methods: Set<string> }>()

  app.addHook('onRoute', ({ url, method }) => {
    const known = methodsByPath.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    for (const each of [method].flat()) known.methods.add(each)
    methodsByPath.set(url, known)
  })

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const methods = [...methodsByPath.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((known) => [...known.methods])
    if (methods.length > 0) {
      reply.header('allow', [...new Set([...methods, 'OPTIONS'])].sort().join(', '))
      if (request.method === 'OPTIONS') return reply.code(204).send()
      throw new AppError('method_not_allowed', {
        detail: `${request.method} is not one of the methods here.`,
      })
    }
    if (path.startsWith('/api/') && request.principal.kind === 'anonymous') throw credentialNeeded()
    throw new AppError('not_found', { detail: 'There is nothing at this address.' })
  })
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}/?$`)
