import t from 'tap'
import { type Connection, keepOpen } from '#dashboard/live/connection.ts'

const stream = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } })
const system = (id: number): string => `id: ${id}\nevent: system\ndata: ${id}\n\n`
const end = (reason: string): string => `event: end\ndata: {"reason":"${reason}"}\n\n`

/** Plays one answer after the other; the connection is ended when they have run out. */
async function play(answers: readonly (Response | Error)[], { mayGoOn = false } = {}) {
  const asked: string[] = []
  const states: Connection[] = []
  const data: string[] = []
  const pauses: number[] = []
  let refusals = 0
  const left = [...answers]
  const isOver = Promise.withResolvers<void>()
  const stop = keepOpen({
    firstEventId: '5',
    open: async (lastEventId) => {
      asked.push(lastEventId)
      const answer = left.shift()
      if (answer === undefined) {
        stop()
        throw new Error('nothing more to play')
      }
      if (answer instanceof Error) throw answer
      return answer
    },
    onEvent: (event) => data.push(event.data),
    onState: (state) => {
      states.push(state)
      if (state === 'off' && (left.length === 0 || !mayGoOn)) isOver.resolve()
    },
    onRefused: async () => {
      refusals += 1
      return mayGoOn
    },
    pause: async (ms) => void pauses.push(ms),
    random: () => 1,
  })
  await isOver.promise
  return { asked, states, data, pauses, refusals }
}

t.test('hands on what it hears, and asks again from where it was', async (t) => {
  const { asked, data } = await play([stream(system(6) + system(7)), stream(system(8))])
  t.same(data, ['6', '7', '8'])
  t.same(asked, ['5', '7', '8'])
})

t.test('waits longer with each failure in a row, and begins anew after a success', async (t) => {
  const away = new Error('no network')
  const { pauses } = await play([away, away, new Response('', { status: 503 }), stream(system(6)), away])
  t.same(pauses, [500, 1_000, 2_000, 150, 500])
})

t.test('never waits longer than ten seconds', async (t) => {
  const { pauses } = await play(Array.from({ length: 9 }, () => new Error('no network')))
  t.equal(Math.max(...pauses), 10_000)
})

for (const reason of ['draining', 'expired']) {
  t.test(`goes on at once when the stream ends because of ${reason}`, async (t) => {
    const { asked, pauses } = await play([stream(system(6) + end(reason)), stream(system(7) + end(reason))])
    t.same(asked, ['5', '6', '7'])
    t.same(pauses, [])
  })
}

t.test('ends for good when the session was revoked', async (t) => {
  const { asked, states, refusals } = await play([stream(system(6) + end('revoked')), stream(system(7))])
  t.same(asked, ['5'])
  t.equal(states.at(-1), 'off')
  t.equal(refusals, 1)
})

for (const status of [401, 403]) {
  t.test(`asks what to do when it is refused with ${status}`, async (t) => {
    t.same((await play([new Response('', { status }), stream(system(6))])).asked, ['5'])
    t.same((await play([new Response('', { status }), stream(system(6))], { mayGoOn: true })).data, ['6'])
  })
}

t.test('is live once it was answered, not before', async (t) => {
  const { states } = await play([new Error('no network'), stream(system(6))])
  t.same(states.slice(0, 5), ['connecting', 'waiting', 'connecting', 'live', 'waiting'])
})

t.test('gives up a stream that has gone silent', async (t) => {
  const asked: string[] = []
  const isAskedAgain = Promise.withResolvers<void>()
  const stop = keepOpen({
    silentAfterMs: 20,
    open: async (lastEventId, signal) => {
      asked.push(lastEventId)
      if (asked.length === 2) isAskedAgain.resolve()
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(system(6)))
          signal.addEventListener('abort', () => controller.error(new Error('aborted')))
        },
      })
      return new Response(body)
    },
    onEvent: () => {},
    onState: () => {},
    onRefused: async () => false,
    pause: async () => {},
  })
  await isAskedAgain.promise
  stop()
  t.same(asked.slice(0, 2), ['', '6'])
})
