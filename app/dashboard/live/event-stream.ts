/** Reads server-sent events from the body of a fetch: EventSource can't send a bearer. Source: WHATWG HTML, 9.2.6. */

export interface StreamEvent {
  /** The last id the stream has named: what to resume from. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Comment lines count as a sign of life: `onLine` hears of every line. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onLine: () => void = () => {},
): AsyncGenerator<StreamEvent, void, undefined> {
  let id = ''
  let event = ''
  let data: string[] = []
  for await (const line of linesOf(body)) {
    onLine()
    if (line === '') {
      if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') }
      event = ''
      data = []
      continue
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id' && !value.includes('\0')) id = value
  }
}

async function* linesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      // A CR at the end of a chunk may be the first half of CRLF: it waits for the next one.
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
