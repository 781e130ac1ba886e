/** Who watches live is told what is new, never more than it takes, and only while its credential stands. */

import t from 'tap'
import type { EventStream } from '#http/event-stream.ts'
import { AppError } from '#kernel/errors.ts'
import { anonymous, type Principal } from '#kernel/principal.ts'
import { type Replica, unreported } from '#kernel/replicas.ts'
import { events, type SystemPicture } from '#modules/admin/index.ts'

const principal: Principal = {
  ...anonymous,
  kind: 'session',
  userId: 1,
  role: 'admin',
  permissions: new Set(['admin:read']),
}

const replica: Replica = {
  ...unreported,
  instanceId: 'api-1',
  version: '1.0.0',
  startedAt: '2026-01-01T00:00:00Z',
  state: 'up',
  silentMs: 0,
  address: 'http://127.0.0.1:3001',
}

interface Sent {
  readonly event: string
  readonly data: unknown
  readonly id: number | undefined
}

/** A stream that takes `room` events, and then none until there is room again. */
function fakeStream() {
  const sent: Sent[] = []
  const stream = { room: Number.POSITIVE_INFINITY, isOpen: true, beats: 0 }
  const onRoom: (() => void)[] = []
  const onClose: (() => void)[] = []
  const close = (): void => {
    stream.isOpen = false
    for (const run of onClose) run()
  }
  const send = (event: string, data: string, id?: number): void => {
    stream.room -= 1
    sent.push({ event, data: JSON.parse(data), id })
  }
  const eventStream: EventStream = {
    get isFull() {
      return stream.room <= 0
    },
    get isOpen() {
      return stream.isOpen
    },
    send,
    beat: () => {
      stream.beats += 1
    },
    end: (event, data) => {
      send(event, data)
      close()
    },
    cut: close,
    onRoom: (run) => {
      onRoom.push(run)
    },
    onClose: (run) => {
      onClose.push(run)
    },
  }
  return {
    stream: eventStream,
    sent,
    state: stream,
    close,
    makeRoom(count: number) {
      stream.room = count
      for (const run of onRoom) run()
    },
  }
}

function scene({ replicas = [replica] as readonly Replica[], maxReaders = 100 } = {}) {
  let time = 1_000_000
  let answer: () => Principal | Promise<Principal> = () => principal
  const standing = () => answer()
  const hub = events({ replicas: () => replicas, time: () => time, standing, slowMs: 250, maxReaders })
  const beat = (): void => {
    time += 500
    hub.beat()
  }
  const watch = (lastId?: number, who = principal) => {
    const reader = fakeStream()
    hub.watch({ stream: reader.stream, credential: 'c', principal: who, lastId })
    return reader
  }
  return {
    hub,
    beat,
    watch,
    setClock: (to: number) => {
      time = to
    },
    answerWith: (given: typeof answer) => {
      answer = given
    },
  }
}

const idsOf = (sent: readonly Sent[]) => sent.map(({ id }) => id)
const settled = () => new Promise((resolve) => setImmediate(resolve))

t.test('ids grow even where the clock is set back', async (t) => {
  const { beat, watch, setClock } = scene()
  beat()
  const reader = watch()
  setClock(0)
  beat()
  beat()
  t.strictSame(idsOf(reader.sent), [1_000_500, 1_000_501, 1_000_502])
})

t.test('only the last two minutes are kept for who comes back', async (t) => {
  const { beat, watch } = scene()
  for (let each = 0; each < 300; each++) beat()
  const ids = idsOf(watch(1).sent)
  t.equal(ids.length, 241)
  t.equal(ids.at(-1), 1_150_000)
  t.equal(ids[0], 1_030_000)
})

t.test('a reader that is behind is sent no more than it takes, and then where it was', async (t) => {
  const { beat, watch } = scene()
  const reader = watch()
  reader.makeRoom(1)
  for (let each = 0; each < 5; each++) beat()
  t.equal(reader.sent.length, 1)
  reader.makeRoom(2)
  t.equal(reader.sent.length, 3)
  reader.makeRoom(100)
  t.equal(reader.sent.length, 5)
  t.strictSame(idsOf(reader.sent), [1_000_500, 1_001_000, 1_001_500, 1_002_000, 1_002_500])
})

t.test('one that takes nothing for ten seconds is cut off', async (t) => {
  const { hub, beat, watch } = scene()
  const reader = watch()
  reader.makeRoom(0)
  for (let each = 0; each < 20; each++) beat()
  t.ok(reader.state.isOpen)
  beat()
  t.notOk(reader.state.isOpen)
  t.equal(hub.watching(), 0)
})

t.test(
  'while nobody can tell whether a credential stands, nothing is told; then what was missed is',
  async (t) => {
    const { beat, watch, answerWith } = scene()
    const reader = watch()
    answerWith(() => Promise.reject(new AppError('dependency_unavailable')))
    for (let each = 0; each < 25; each++) {
      beat()
      await settled()
    }
    t.equal(reader.sent.length, 0)
    t.equal(reader.state.beats, 1, 'but for a comment that it is still there')
    answerWith(() => Promise.resolve(principal))
    beat()
    await settled()
    t.equal(reader.sent.length, 26)
  },
)

t.test('nor is anything told in between, as it happens', async (t) => {
  const { hub, beat, watch, answerWith } = scene()
  const reader = watch()
  answerWith(() => Promise.reject(new AppError('dependency_unavailable')))
  beat()
  await settled()
  hub.publish('request', '{}')
  reader.makeRoom(100)
  t.equal(reader.sent.length, 0)
})

t.test('who may read less than before is told less from then on', async (t) => {
  const { hub, beat, watch, answerWith } = scene()
  const reader = watch(undefined, { ...principal, permissions: new Set(['admin:read', 'audit:read']) })
  hub.publish('audit', '{}', 'audit:read')
  t.equal(reader.sent.length, 1)
  answerWith(() => principal)
  beat()
  hub.publish('audit', '{}', 'audit:read')
  t.strictSame(
    reader.sent.map(({ event }) => event),
    ['audit', 'system'],
  )
})

t.test('one that had left before it was watched takes nobody’s place', async (t) => {
  const { hub, beat, watch } = scene()
  watch().state.isOpen = false
  beat()
  t.equal(hub.watching(), 0)
})

t.test('one that is worthless, may read no more or is over ends it, each with its reason', async (t) => {
  const { hub, beat, watch, answerWith } = scene()
  const worthless = watch()
  answerWith(() => Promise.reject(new AppError('invalid_token')))
  beat()
  await settled()
  t.match(worthless.sent, [{ event: 'end', data: { reason: 'revoked' } }])
  const demoted = watch()
  answerWith(() => ({ ...principal, permissions: new Set() }))
  beat()
  t.match(demoted.sent.at(-1), { event: 'end', data: { reason: 'revoked' } })
  const over = watch(undefined, { ...principal, expiresAt: Date.now() - 1 })
  beat()
  t.match(over.sent.at(-1), { event: 'end', data: { reason: 'expired' } })
  t.equal(hub.watching(), 0)
})

t.test('a reader that leaves while its credential is checked is not missed', async (t) => {
  for (const outcome of [async () => principal, () => Promise.reject(new AppError('invalid_token'))]) {
    const { beat, watch, answerWith } = scene()
    const reader = watch()
    answerWith(outcome)
    beat()
    reader.close()
    await settled()
    t.equal(reader.sent.length, 0)
  }
})

t.test('there is room for so many and no more, and none in one that leaves', async (t) => {
  const { hub, watch } = scene({ maxReaders: 2 })
  const first = watch()
  watch()
  t.throws(() => hub.checkRoom(), { code: 'overloaded' })
  first.close()
  hub.checkRoom()
  hub.drain()
  t.throws(() => hub.checkRoom(), { code: 'draining' })
})

t.test('of finished requests five a beat are shown, and only while somebody watches', async (t) => {
  const { hub, beat, watch } = scene()
  const failed = { status: 500, durationMs: 1 }
  t.notOk(hub.isShown(failed))
  const reader = watch()
  const shown = Array.from({ length: 10 }, () => hub.isShown(failed)).filter(Boolean)
  const ordinary = Array.from({ length: 10 }, () => hub.isShown({ status: 200, durationMs: 1 })).filter(
    Boolean,
  )
  t.equal(shown.length, 4)
  t.equal(ordinary.length, 1)
  beat()
  t.ok(hub.isShown({ status: 429, durationMs: 1 }))
  t.ok(hub.isShown({ status: 200, durationMs: 900 }))
  hub.publish('request', '{}')
  hub.publish('audit', '{}', 'audit:read')
  t.equal(reader.sent.at(-1)?.event, 'request', 'what one may not read is not sent')
})

t.test('a picture calls silent who missed two beats, leaves out of the totals who is down', async (t) => {
  const busy = { requestsPerSecond: 10 }
  const { beat, watch } = scene({
    replicas: [
      { ...replica, ...busy },
      { ...replica, ...busy, instanceId: 'api-2', silentMs: 1_201 },
      { ...replica, ...busy, instanceId: 'api-3', silentMs: 2_001, state: 'down' },
    ],
  })
  const reader = watch()
  beat()
  const picture = reader.sent[0]?.data as SystemPicture
  t.strictSame(
    picture.replicas.map(({ state }) => state),
    ['up', 'silent', 'down'],
  )
  t.equal(picture.totals.requestsPerSecond, 20)
})

t.test('the edge is shown as the one replica that asks it tells, and of no replica', async (t) => {
  const tier = { isUp: true, requestsPerSecond: 7, connections: 3, droppedPerSecond: 0 }
  const edge = [{ tier: 'gateway', ...tier }]
  const { beat, watch } = scene({
    replicas: [
      { ...replica, state: 'down', edge: [{ tier: 'gateway', ...tier, requestsPerSecond: 1 }] },
      { ...replica, instanceId: 'api-2' },
      { ...replica, instanceId: 'api-3', edge },
    ],
  })
  const reader = watch()
  beat()
  const picture = reader.sent[0]?.data as SystemPicture
  t.strictSame(picture.edge, edge)
  t.notOk(picture.replicas.some((each) => 'edge' in each))
})
