/**
 * The way of a request through its rooms, and out again: one hook for all of them, and one place that hears the end. What
 * it saves against a hook and three listeners a room is too little to be measured (docs/performance.md).
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What a request is refused with; undefined where it goes on. */
export type Refusal = Error | undefined

/**
 * What a room has to say of a request it writes on the request itself, without `decorateRequest`: Fastify writes the values
 * of decorations in a loop by name, on every request and before it is known whether they are needed.
 */
export interface Room {
  /** A promise only where the request has to wait: most pass without one. */
  readonly enter?: (request: FastifyRequest, reply: FastifyReply) => Refusal | Promise<Refusal>
  /** It is through, or waits, and has no answer yet: it takes more than this turn of the event loop. */
  readonly linger?: (request: FastifyRequest, reply: FastifyReply) => void
  /** Its answer is written. This or `abandoned` is called once. */
  readonly answered?: (request: FastifyRequest, reply: FastifyReply) => void
  /** Its client has gone before. */
  readonly abandoned?: (request: FastifyRequest) => void
}

/** Returns the function that adds rooms behind those there are: what has hooks of its own may be registered in between. */
export function rooms(app: FastifyInstance): (...inOrder: readonly Room[]) => void {
  const all: Room[] = []
  const only = <Part extends keyof Room>(part: Part) => all.flatMap((room) => room[part] ?? [])
  let [linger, answered, abandoned] = [only('linger'), only('answered'), only('abandoned')]

  const watchEnd = (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw } = reply
    let isOut = false
    raw.on('finish', () => {
      if (isOut) return
      isOut = true
      for (const each of answered) each(request, reply)
    })
    const gone = (): void => {
      if (isOut) return
      isOut = true
      for (const each of abandoned) each(request)
    }
    // Also of a client that leaves while its answer is being written: onResponse and onRequestAbort miss that one.
    raw.on('close', gone)
    // Pipelined behind another answer it has no socket yet, and would not hear it close.
    if (raw.socket === null) request.raw.on('close', () => request.raw.aborted && gone())
  }

  return (...inOrder) => {
    const isEntrance = all.length === 0
    all.push(...inOrder)
    linger = only('linger')
    answered = only('answered')
    abandoned = only('abandoned')
    const enter = inOrder.flatMap((room) => room.enter ?? [])

    const pass = (
      from: number,
      request: FastifyRequest,
      reply: FastifyReply,
      done: (refusal?: Error) => void,
    ): void => {
      for (let next = from; next < enter.length; next += 1) {
        const refusal = enter[next]?.(request, reply)
        if (refusal === undefined) continue
        if (refusal instanceof Error) done(refusal)
        // What a later room throws has no hook's frame round it here.
        else refusal.then((late) => (late ? done(late) : pass(next + 1, request, reply, done))).catch(done)
        return
      }
      done()
    }
    app.addHook('onRequest', (request, reply, done) => {
      if (isEntrance) watchEnd(request, reply)
      pass(0, request, reply, done)
      if (isEntrance && !reply.sent) for (const each of linger) each(request, reply)
    })
  }
}
