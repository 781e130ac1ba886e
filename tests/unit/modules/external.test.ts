/** Somebody else's service: what it does wrong is not kept open here. */

import Fastify from 'fastify'
import t from 'tap'
import { external } from '#modules/external/index.ts'
import { openBreaker } from '#platform/breaker.ts'

t.test('a failed answer is given up unread, so that it keeps no connection', async (t) => {
  let [asked, cancelled] = [0, 0]
  t.intercept(globalThis, 'fetch', {
    value: async () => {
      asked += 1
      const body = new ReadableStream({
        cancel: () => {
          cancelled += 1
        },
      })
      return new Response(body, { status: 500 })
    },
  })
  const breaker = openBreaker('external', {
    subject: 'The external service',
    failureThreshold: 50,
    resetTimeoutMs: 5_000,
    callTimeoutMs: 60_000,
  })
  const app = Fastify().setSerializerCompiler(() => JSON.stringify)
  app.decorateRequest('workSignal', () => new AbortController().signal)
  external({ url: 'http://service.invalid/', timeoutMs: 60_000, breaker, tracer: undefined }).routes(app)
  await app.inject('/api/v1/external')
  t.strictSame({ asked, cancelled }, { asked: 2, cancelled: 2 })
  await app.close()
})
