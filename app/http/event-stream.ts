/**
 * An answer that is a stream of server-sent events (WHATWG HTML, 9.2). Nothing is kept for a slow reader: while it is
 * behind, `isFull` says so, and whoever has something to tell keeps or drops it. What is said in docs/events.md.
 */

import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface EventStream {
  /** What was sent last is still on its way. */
  readonly isFull: boolean
  readonly isOpen: boolean
  /** `data` is one line. With `id` it can be resumed from. */
  send(event: string, data: string, id?: number): void
  /** A comment: keeps those between us and the reader from taking silence for death. */
  beat(): void
  /** A last event, and the end. A reader that does not take it soon is cut off. */
  end(event: string, data: string): void
  /** Cuts it off. */
  cut(): void
  /** When there is room again. */
  onRoom(run: () => void): void
  onClose(run: () => void): void
}

/** How long a reader may take for the end. */
const patienceMs = 1_000

/** Answers `request` with headers and no end. Counted as answered: it is neither in flight nor slow from here on. */
export function openEventStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store')
  // A connection that stood idle behind a stream would hold up the drain that ended it.
  reply.header('connection', 'close')
  const { raw } = reply.hijack()
  raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  // A client that lost us comes back after this long, give or take what it adds itself.
  raw.write('retry: 1000\n\n')
  request.observed(200)
  return {
    get isFull() {
      return raw.writableNeedDrain
    },
    get isOpen() {
      return !raw.destroyed && !raw.writableEnded
    },
    send: (event, data, id) => {
      raw.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`)
    },
    beat: () => {
      raw.write(': beat\n\n')
    },
    end: (event, data) => {
      raw.end(`event: ${event}\ndata: ${data}\n\n`)
      const timer = setTimeout(() => raw.destroy(), patienceMs)
      raw.once('close', () => clearTimeout(timer))
    },
    cut: () => {
      raw.destroy()
    },
    onRoom: (run) => {
      raw.on('drain', run)
    },
    onClose: (run) => {
      raw.once('close', run)
    },
  }
}
