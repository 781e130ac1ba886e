/**
 * One kept HTTP connection, as cheap as it can be made: the load must not compete with what it measures. It knows only
 * answers with a Content-Length, the only ones these loads meet.
 */

import { connect, type Socket } from 'node:net'

export interface Exchange {
  readonly startedAt: number
  /** 0: no answer. */
  readonly ended: (status: number) => void
}

export class Connection {
  isOpen = true
  #exchange: Exchange | undefined
  readonly #socket: Socket
  readonly #free: (connection: Connection) => void
  #left = -1
  #status = 0
  #head = ''

  /** `free` is told when it can carry the next request, and when it has ended. */
  constructor(
    to: { readonly port: number; readonly localAddress: string },
    free: (connection: Connection) => void,
  ) {
    this.#free = free
    this.#socket = connect({ host: '127.0.0.1', ...to, noDelay: true })
    this.#socket.on('data', (bytes: Buffer) => this.#read(bytes))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#end())
  }

  get exchange(): Exchange | undefined {
    return this.#exchange
  }

  send(request: string, exchange: Exchange): void {
    this.#exchange = exchange
    this.#socket.write(request, 'latin1')
  }

  close(): void {
    this.#socket.destroy()
  }

  #end(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#finish(0)
  }

  #finish(status: number): void {
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.ended(status)
    this.#free(this)
  }

  #read(bytes: Buffer): void {
    if (this.#left > 0) {
      this.#consume(bytes.length)
      return
    }
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf('\r\n\r\n')
    if (end === -1) return
    this.#status = Number(this.#head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1]
    const body = this.#head.length - end - 4
    this.#head = ''
    this.#left = Number(length ?? 0)
    if (length === undefined && this.#status !== 304) this.close()
    else this.#consume(body)
  }

  #consume(count: number): void {
    this.#left -= count
    if (this.#left > 0) return
    this.#left = -1
    this.#finish(this.#status)
  }
}
