/** The door for a balancer on this host: the work of a connection that nginx does as well is left to it. */

import { createServer, type RequestListener, type Server } from 'node:http'

export function localServer(answer: RequestListener): Server {
  const options = {
    maxHeaderSize: 32 * 1024,
    requestTimeout: 30_000,
    // The balancer closes what it no longer needs: a timer would be set and cleared with each request.
    keepAliveTimeout: 0,
  }
  return createServer(options, (request, response) => {
    // nginx drops the Date of whom it asks and says it itself.
    response.sendDate = false
    answer(request, response)
  })
}
