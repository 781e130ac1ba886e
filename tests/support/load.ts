/** Mixed load for system tests: reads and writes side by side until it is told to stop, every answer kept. */

import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export interface Reply {
  readonly method: string
  readonly path: string
  /** 0 where there was no answer at all. */
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
  readonly tookMs: number
}

export interface Load {
  readonly replies: readonly Reply[]
  /** Resolves once `count` more answers have come. */
  more(count: number): Promise<void>
  /** Lets what is under way end. */
  stop(): Promise<void>
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The loopback address it comes from. */
  readonly from?: string
}

let given = 0
/** Another of 16,000 addresses each time: what is counted by address then stands in nobody's way. Linux answers on all of 127/8. */
export const newAddress = (): string => {
  given = (given + 1) % 16_000
  return `127.4.${given >> 7}.${1 + (given & 127)}`
}

// A client thinks between two requests; without it the quotas of the demo would be spent in half a minute.
const paceMs = 5

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export const ask = (base: string, { method, path, headers = {}, body, from }: Asked): Promise<Reply> =>
  new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const startedAt = performance.now()
    const reply = (status: number, answer: string, answered: IncomingHttpHeaders = {}): void =>
      resolve({
        method,
        path,
        status,
        body: answer,
        headers: answered,
        tookMs: performance.now() - startedAt,
      })
    const sent = request(
      new URL(path, base),
      {
        agent,
        method,
        ...(from !== undefined && { localAddress: from }),
        headers: { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }) },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          reply(response.statusCode ?? 0, Buffer.concat(chunks).toString(), response.headers),
        )
        response.on('error', (error) => reply(0, error.message))
      },
    )
    sent.on('error', (error) => reply(0, error.message))
    sent.end(text)
  })

/** `workers` ask one thing after the other; `next` says what, by how many were asked before. */
export function startLoad(base: string, workers: number, next: (asked: number) => Asked): Load {
  const replies: Reply[] = []
  const waiting: { until: number; resolve: () => void }[] = []
  let asked = 0
  let isStopping = false

  const work = async (): Promise<void> => {
    while (!isStopping) {
      replies.push(await ask(base, next(asked++)))
      await delay(paceMs)
      while (waiting[0] && replies.length >= waiting[0].until) waiting.shift()?.resolve()
    }
  }
  const all = Promise.all(Array.from({ length: workers }, work))

  return {
    replies,
    more: (count) => new Promise((resolve) => waiting.push({ until: replies.length + count, resolve })),
    stop: async () => {
      isStopping = true
      await all
    },
  }
}

/** What did not end with one of `expected`, as text to be compared with nothing at all. */
export const failures = (replies: readonly Reply[], expected: readonly number[]): string[] =>
  replies
    .filter(({ status }) => !expected.includes(status))
    .map(({ method, path, status, body }) => `${method} ${path}: ${status} ${body.slice(0, 120)}`)
