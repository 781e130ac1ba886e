/**
 * Every write goes through here: one transaction holds its effect and, for a keyed one, its answer; what it changes is
 * invalidated on every replica before the client hears that it was done.
 */

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cache } from '#kernel/cache/cache.ts'
import type { Database, Session } from '#kernel/database.ts'
import { deadlineExceeded } from '#kernel/deadline.ts'
import { AppError } from '#kernel/errors.ts'
import type { Answer, IdempotencyKey, IdempotencyStore } from '#kernel/idempotency.ts'
import { callerOf, type Principal } from '#kernel/principal.ts'
import type { Representation } from '#kernel/representation.ts'

/** What a service is given to carry out one write. */
export interface Write {
  /** What holds all of this write; `database.autocommit` where the write is one statement and has no key. */
  readonly transaction: Session
  readonly principal: Principal
  readonly requestId: string
  readonly clientAddress: string
  /** The client's If-Match, to be compared with what the transaction finds. */
  readonly ifMatch: string | undefined
  /** Names cache keys and tags that are known only now, such as the id of a new row. */
  readonly alsoInvalidate: (...keys: string[]) => void
}

/** What a write answers: a status and, unless it is 204, a representation. */
export interface Outcome {
  readonly status: 200 | 201 | 204
  readonly representation?: Representation
  readonly location?: string
}

export interface WriteDeps {
  readonly database: Database
  readonly cache: Cache
  readonly idempotency: IdempotencyStore
}

export interface WriteOptions {
  /** Cache keys and tags that the write will change, known before it begins. */
  readonly keys: readonly string[]
  /** `never` where the answer holds a secret: then nothing of it is kept, and a retry is carried out again. */
  readonly replay?: 'never'
  /**
   * `one`: all of the work is a single statement, which is a transaction by itself. Only for a keyed write, or while it is
   * not known that Postgres answers, is one opened round it: two round trips less, and the statement may carry what others
   * write at the same time.
   */
  readonly statements?: 'one'
}

export type Writes = (
  request: FastifyRequest,
  reply: FastifyReply,
  options: WriteOptions,
  work: (write: Write) => Promise<Outcome>,
) => Promise<FastifyReply>

export function writes({ database, cache, idempotency }: WriteDeps): Writes {
  return async (request, reply, { keys, replay, statements }, work) => {
    // It waited, for a place or its credential, longer than its client did: nothing of it has begun.
    if (request.isOver) throw deadlineExceeded()
    const key = replay === 'never' ? undefined : idempotencyKeyOf(request)
    const late: string[] = []

    const inTransaction = async (transaction: Session): Promise<{ answer: Answer; isReplay: boolean }> => {
      const earlier = key && (await idempotency.claim(transaction, key))
      if (earlier) return { answer: earlier, isReplay: true }
      const outcome = await work({
        transaction,
        principal: request.principal,
        requestId: request.id,
        clientAddress: request.clientAddress,
        ifMatch: request.headers['if-match'],
        alsoInvalidate: (...more) => late.push(...more),
      })
      const answer = answerOf(outcome)
      if (key) await idempotency.keep(transaction, key, answer)
      return { answer, isReplay: false }
    }

    const running =
      key === undefined && statements === 'one' && database.isReachable()
        ? () => inTransaction(database.autocommit)
        : await begun(database, inTransaction)
    const { answer, isReplay } = await cache.write(keys, running, () => late)
    if (isReplay) reply.header('idempotency-replayed', 'true')
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send(answer.body ?? undefined)
  }
}

/**
 * Resolves once the transaction has begun. A database that is away ends here, before anything cached was voided: what is
 * known goes on being served although somebody tries to change it.
 */
async function begun<T>(
  database: Database,
  work: (transaction: Session) => Promise<T>,
): Promise<() => Promise<T>> {
  const started = Promise.withResolvers<void>()
  const running = database.transaction((transaction) => {
    started.resolve()
    return work(transaction)
  })
  await Promise.race([started.promise, running])
  return () => running
}

function answerOf({ status, representation, location }: Outcome): Answer {
  const headers: Record<string, string> = {}
  if (location !== undefined) headers.location = location
  if (representation) {
    headers['content-type'] = 'application/json; charset=utf-8'
    headers.etag = representation.etag
  }
  return { status, headers, body: representation?.body ?? null }
}

function idempotencyKeyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || request.principal.kind === 'anonymous') return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError('bad_request', { detail: 'Idempotency-Key takes 1 to 255 visible ASCII characters.' })
  }
  const fingerprint = createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest()
  return { caller: callerOf(request.principal), key, fingerprint }
}
