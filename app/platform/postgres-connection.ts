/**
 * One connection to Postgres, from the first statement to the first failure of its socket, and then never again.
 * postgres.js (3.4.9) would connect anew by itself and take along what was under way: the first statement over the new
 * socket is answered with the last error of the old one, what a dead transaction goes on to ask runs inside the next
 * (porsager/postgres#1216), and one that broke with bytes still to be sent never sends anything again (#1133).
 */

import type { Socket } from 'node:net'
import postgres from 'postgres'
import type { Statement } from '#kernel/database.ts'
import { within } from './within.ts'

/** Whether the latest that was heard of Postgres was an answer. */
export interface Contact {
  isMade: boolean
}

export interface ConnectionOptions {
  readonly url: string
  /** One that is about to connect. */
  readonly socket: () => Socket
  /** Of postgres.js. */
  readonly settings: object
  readonly contact?: Contact
  /** Called once, whether it broke or was ended. */
  readonly onOver?: () => void
  /** What was notified on a channel that it listens to. */
  readonly onNotice?: (text: string) => void
}

export type Text = Pick<Statement<never, never>, 'text' | 'asCells'>

/** What postgres.js knows of a query besides its promise. */
interface Pending extends PromiseLike<unknown> {
  /** It is the one that its connection is working on. */
  readonly active: boolean
  readonly canceller: ((query: unknown) => Promise<unknown>) | null
  reject(error: unknown): void
}

/** What a statement meets whose connection has gone. */
export const connectionLost = (): Error =>
  Object.assign(new Error('the connection to Postgres is lost'), { code: 'CONNECTION_CLOSED' })

const cancelledWithinMs = 1_000

export class Connection {
  readonly #client: postgres.Sql
  readonly #contact: Contact
  readonly #onOver: () => void
  /** One; more where a transaction does not wait for each. */
  readonly #pending: Pending[] = []
  #socket: Socket | undefined
  #isEnding = false
  #isDropped = false
  #isCancelling = false

  constructor({ url, socket, settings, contact, onOver, onNotice }: ConnectionOptions) {
    this.#contact = contact ?? { isMade: false }
    this.#onOver = onOver ?? (() => {})
    const options = {
      ...settings,
      // postgres.js passes it on, and does not name it in its types.
      onnotify: (_channel: string, text: string) => onNotice?.(text),
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      socket: () => this.#open(socket),
      onclose: () => this.drop(),
    }
    this.#client = postgres(url, options)
  }

  get isOver(): boolean {
    return this.#isEnding || this.#isDropped || this.#socket?.destroyed === true
  }

  /**
   * Resolves with the rows. They pass by the query instead of becoming its result: postgres.js assigns closures to members of
   * each query (`this.resolve = x => …`); V8 allocates such closures in the old generation, where they and all that they
   * reach, the result too, stay until the next full collection (docs/performance.md).
   *
   * @param signal - cancels the statement, which settles once its cancellation cannot hit another
   * @throws what `translate` understands
   */
  async run<Row>({ text, asCells }: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> {
    if (this.isOver) throw connectionLost()
    let rows: Row[] = []
    const query = this.#client.unsafe(text, args as postgres.ParameterOrJSON<never>[], { prepare: true })
    if (asCells) query.raw()
    const pending = query.forEach((row) => void rows.push(row as Row)) as unknown as Pending
    let cancelled: Promise<unknown> | undefined
    const cancel = (): void => {
      if (pending.active) cancelled = this.#cancel(pending)
      // Not even sent: it waits for its connection.
      else this.drop()
    }
    signal?.addEventListener('abort', cancel, { once: true })
    this.#pending.push(pending)
    try {
      await pending
      this.#contact.isMade = true
      const taken = rows
      rows = []
      return taken
    } catch (error) {
      // After anything but what a living server said of the statement nobody knows what would come next.
      if (error instanceof postgres.PostgresError && error.severity === 'ERROR') this.#contact.isMade = true
      else this.drop()
      throw error
    } finally {
      this.#pending.splice(this.#pending.indexOf(pending), 1)
      signal?.removeEventListener('abort', cancel)
      if (cancelled !== undefined) await cancelled
    }
  }

  /** Nothing more is asked. Resolves when it is closed; what is under way has a second. */
  async end(): Promise<void> {
    this.#isEnding = true
    await this.#client.end({ timeout: 1 })
    this.drop()
  }

  /** Lets go of it at once: what is under way fails. */
  drop(): void {
    if (this.#isDropped) return
    this.#isDropped = true
    this.#contact.isMade = false
    this.#socket?.destroy()
    // postgres.js forgets some of those that wait behind others.
    for (const each of this.#pending) each.reject(connectionLost())
    void this.#client.end({ timeout: 0 })
    this.#onOver()
  }

  /** Resolves when the server has dealt with it: one that is on its way would hit whatever is asked next. */
  async #cancel(pending: Pending): Promise<void> {
    this.#isCancelling = true
    const cancelled = Promise.resolve(pending.canceller?.(pending))
    this.#isCancelling = false
    await within(cancelledWithinMs, 'The cancellation', cancelled).catch(() => this.drop())
  }

  #open(connect: () => Socket): Socket {
    // A cancellation comes over a socket of its own.
    if (this.#isCancelling) return connect()
    if (this.#socket !== undefined || this.isOver) {
      this.drop()
      throw connectionLost()
    }
    this.#socket = connect()
    // Hung up on in good order before its first statement was sent, postgres.js calls again, without end (#1193).
    this.#socket.on('end', () => this.#socket?.destroy(connectionLost()))
    return this.#socket
  }
}
