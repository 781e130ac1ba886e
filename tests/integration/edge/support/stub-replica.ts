/** A replica that answers what the test tells it to, and reports what reached it. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface StubReplica {
  /** Requests that reached this replica, in order. */
  readonly received: readonly IncomingMessage[]
  /** Ends the replica as kill -9 would: open connections are cut, new ones refused. */
  kill(): void
}

export type Answer = (request: IncomingMessage, reply: ServerResponse) => void

/** What the application would see of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Answers 200 with what it was asked. */
export const echo: Answer = (request, reply) =>
  json(reply, 200, { method: request.method, url: request.url, headers: request.headers })

export function json(
  reply: ServerResponse,
  status: number,
  body: unknown,
  mediaType = 'application/json',
): void {
  const text = JSON.stringify(body)
  reply.writeHead(status, {
    'content-type': `${mediaType}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  })
  reply.end(text)
}

export async function stubReplica(
  socketPath: string,
  instanceId: string,
  answer: Answer,
): Promise<StubReplica> {
  const received: IncomingMessage[] = []
  const server = createServer({ keepAliveTimeout: 72_000 }, (request, reply) => {
    received.push(request)
    request.resume()
    reply.setHeader('x-served-by', instanceId)
    request.on('end', () => answer(request, reply))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  return {
    received,
    kill() {
      server.close()
      server.closeAllConnections()
    },
  }
}
