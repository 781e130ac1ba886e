/**
 * Loaded into replicas before their own code (`node --import`): a request with `X-Poison` does harm of that kind. It is
 * no part of what is served otherwise: the application has no such door.
 */

import { type IncomingMessage, Server, type ServerResponse } from 'node:http'

const blockedMs = 2_000

const slowForMs = 5_000
const slowByMs = 300
let slowUntil = 0

const harm: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  /** A handler that never answers. */
  hang: () => {},
  /** One that computes and lets nobody else run. */
  block: (_request, response) => {
    const until = performance.now() + blockedMs
    while (performance.now() < until);
    response.end('{}')
  },
  /** More headers than a proxy takes. */
  headers: (_request, response) => {
    response.setHeader('x-long', 'x'.repeat(40_000))
    response.end('{}')
  },
  /** From then on its replica answers everything late for a while, not busy itself: as with a slow disk or network. */
  slow: (_request, response) => {
    slowUntil = performance.now() + slowForMs
    response.setHeader('x-served-by', process.env.INSTANCE_ID ?? '')
    response.end('{}')
  },
  cut: (request) => request.socket.destroy(),
  /** Says more than it sends. */
  short: (request, response) => {
    response.setHeader('content-length', '1000')
    response.write('{')
    request.socket.destroySoon()
  },
}

const emit = Server.prototype.emit
Server.prototype.emit = function (this: Server, event: string | symbol, ...values: unknown[]): boolean {
  const [request, response] = values as [IncomingMessage, ServerResponse]
  const poison = event === 'request' ? harm[String(request.headers['x-poison'])] : undefined
  if (poison === undefined) {
    const go = () => Reflect.apply(emit, this, [event, ...values])
    if (event !== 'request' || performance.now() > slowUntil) return go()
    setTimeout(go, slowByMs)
    return true
  }
  poison(request, response)
  return true
}
