/** The door for a balancer on this host: the work of a connection that nginx does as well is left to it. */

import { createServer, type RequestListener, type Server, ServerResponse } from 'node:http'

export function localServer(answer: RequestListener): Server {
  const options = {
    maxHeaderSize: 32 * 1024,
    requestTimeout: 30_000,
    // The balancer closes what it no longer needs: a timer would be set and cleared with each request.
    keepAliveTimeout: 0,
    ServerResponse: UndatedResponse,
  }
  return createServer(options, answer)
}

/** nginx drops the Date of whom it asks and says it itself. */
class UndatedResponse extends ServerResponse {
  constructor(...args: ConstructorParameters<typeof ServerResponse>) {
    super(...args)
    this.sendDate = false
  }
}
