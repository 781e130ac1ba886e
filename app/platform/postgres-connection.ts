/**
 * One connection to Postgres, from the first statement to the first failure of its socket, and then never again.
 * postgres.js (3.4.9) would connect anew by itself and take along what was under way: the first statement over the new
 * socket is answered with the last error of the old one, what a dead transaction goes on to ask runs inside the next
 * (porsager/postgres#1216), and one that broke with bytes still to be sent never sends anything again (#1133).
 */

import type { Socket } from 'node:net'
import postgres from 'postgres'
import type { Statement } from '#kernel/database.ts'

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
}

/** What a statement meets that comes too late. */
export const connectionOver = (): Error =>
  Object.assign(new Error('the connection to Postgres is over'), { code: 'CONNECTION_CLOSED' })

export class Connection {
  readonly #client: postgres.Sql
  readonly #contact: Contact
  #socket: Socket | undefined
  #isClosed = false
  #isCancelling = false

  constructor({ url, socket, settings, contact, onOver, onNotice }: ConnectionOptions) {
    this.#contact = contact ?? { isMade: false }
    const options = {
      ...settings,
      // postgres.js passes it on, and does not name it in its types.
      onnotify: (_channel: string, text: string) => onNotice?.(text),
      max: 1,
      idle_timeout: 0,
      max_lifetime: null,
      socket: () => this.#open(socket),
      onclose: () => {
        this.#isClosed = true
        this.#contact.isMade = false
        // What waits behind others in postgres.js would wait on.
        void this.#client.end({ timeout: 0 })
        onOver?.()
      },
    }
    this.#client = postgres(url, options)
  }

  get isOver(): boolean {
    return this.#isClosed || this.#socket?.destroyed === true
  }

  /**
   * Resolves with the rows. They pass by the query instead of becoming its result: postgres.js assigns closures to members of
   * each query (`this.resolve = x => …`); V8 allocates such closures in the old generation, where they and all that they
   * reach, the result too, stay until the next full collection (docs/performance.md).
   *
   * @param signal - cancels the statement once Postgres works on it
   * @throws what `translate` understands
   */
  async run<Row>({ text, asCells }: Text, args: readonly unknown[], signal?: AbortSignal): Promise<Row[]> {
    if (this.isOver) throw connectionOver()
    let rows: Row[] = []
    const query = this.#client.unsafe(text, args as postgres.ParameterOrJSON<never>[], { prepare: true })
    if (asCells) query.raw()
    const pending = query.forEach((row) => void rows.push(row as Row)) as unknown as Pending
    const cancel = (): void => {
      // Where Postgres cannot be reached to cancel it, there is nothing to cancel.
      if (!pending.active) return
      this.#isCancelling = true
      pending.canceller?.(pending).catch(() => {})
      this.#isCancelling = false
    }
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      await pending
      this.#contact.isMade = true
      const taken = rows
      rows = []
      return taken
    } catch (error) {
      // After anything but what Postgres itself said nobody knows what would come next.
      if (!(error instanceof postgres.PostgresError)) void this.end()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** Nothing more is asked. Resolves when it is closed; what is under way has a second. */
  end(): Promise<void> {
    this.#isClosed = true
    return this.#client.end({ timeout: 1 })
  }

  #open(connect: () => Socket): Socket {
    // A cancellation comes over a socket of its own.
    if (this.#isCancelling) return connect()
    if (this.#socket !== undefined) throw connectionOver()
    this.#socket = connect()
    // Hung up on in good order before its first statement was sent, postgres.js calls again, without end (#1193).
    this.#socket.on('end', () => this.#socket?.destroy(connectionOver()))
    return this.#socket
  }
}
