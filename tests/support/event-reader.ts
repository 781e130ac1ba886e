/** Reads a stream of server-sent events as a browser's client does, and keeps everything that came. */

import type { Scope } from './scope.ts'

export interface ServerEvent {
  readonly id: number | undefined
  readonly event: string
  readonly data: unknown
}

export interface EventReader {
  readonly status: number
  readonly headers: Headers
  /** All that came so far. */
  readonly events: readonly ServerEvent[]
  /** The first event, of those that came or will come, that `fits`. Rejects when the stream ends without. */
  first(fits: (event: ServerEvent) => boolean): Promise<ServerEvent>
  /** Resolves when the server has ended it, rejects when it broke off. */
  readonly ended: Promise<void>
  close(): void
}

export async function readEvents(
  t: Scope,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventReader> {
  const abort = new AbortController()
  t.teardown(() => abort.abort())
  const response = await fetch(url, { headers, signal: abort.signal })
  const events: ServerEvent[] = []
  const waiting = new Set<() => void>()
  let isOver = false
  const wake = (): void => {
    for (const look of [...waiting]) look()
  }

  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      events.push(...blocks.flatMap(parse))
      wake()
    }
  }
  const ended = read().finally(() => {
    isOver = true
    wake()
  })
  ended.catch(() => {})

  return {
    status: response.status,
    headers: response.headers,
    events,
    first: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(fits)
          if (!found && !isOver) return
          waiting.delete(look)
          if (found) resolve(found)
          else reject(new Error(`the stream ended after ${JSON.stringify(events.map(({ event }) => event))}`))
        }
        waiting.add(look)
        look()
      }),
    ended,
    close: () => abort.abort(),
  }
}

/** Comments and `retry` are no events. */
function parse(block: string): ServerEvent[] {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const data = field('data')
  if (data === undefined) return []
  const id = field('id')
  return [
    {
      id: id === undefined ? undefined : Number(id),
      event: field('event') ?? 'message',
      data: JSON.parse(data),
    },
  ]
}
