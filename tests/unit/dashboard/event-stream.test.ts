import t from 'tap'
import { eventsOf, type StreamEvent } from '#dashboard/live/event-stream.ts'

/** A body that arrives in exactly these pieces. */
const body = (...pieces: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder()
      for (const piece of pieces) controller.enqueue(encoder.encode(piece))
      controller.close()
    },
  })

async function all(events: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const read: StreamEvent[] = []
  for await (const event of events) read.push(event)
  return read
}

const read = (...pieces: readonly string[]) => all(eventsOf(body(...pieces)))

t.test('reads an event with its id, name and data', async (t) => {
  t.same(await read('id: 7\nevent: system\ndata: {"a":1}\n\n'), [
    { id: '7', event: 'system', data: '{"a":1}' },
  ])
})

t.test('an event ends at an empty line, wherever the network cuts it', async (t) => {
  t.same(await read('id: 7\r', '\nda', 'ta: on', 'e\n', '\ndata: two\n\n'), [
    { id: '7', event: 'message', data: 'one' },
    { id: '7', event: 'message', data: 'two' },
  ])
})

t.test('takes any of the three ends of a line', async (t) => {
  t.same(
    (await read('data: a\r\n\r\ndata: b\r\rdata: c\n\n')).map(({ data }) => data),
    ['a', 'b', 'c'],
  )
})

t.test('joins the lines of data', async (t) => {
  t.same((await read('data: a\ndata:b\ndata\n\n'))[0]?.data, 'a\nb\n')
})

t.test('a comment is no event, but a sign of life', async (t) => {
  let lines = 0
  const events = await all(eventsOf(body(': beat\n', ': beat\n\n'), () => (lines += 1)))
  t.same(events, [])
  t.equal(lines, 3)
})

t.test('leaves out what was cut off before its empty line', async (t) => {
  t.same(await read('data: whole\n\ndata: half'), [{ id: '', event: 'message', data: 'whole' }])
})

t.test('a letter of several bytes may arrive in two pieces', async (t) => {
  const bytes = new TextEncoder().encode('data: é\n\n')
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes.slice(0, 7))
      controller.enqueue(bytes.slice(7))
      controller.close()
    },
  })
  t.same((await all(eventsOf(stream)))[0]?.data, 'é')
})
