import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { Bus, BusListener, Coherence, Detour } from '#kernel/coherence/coherence.ts'
import { type CoherenceOptions, openCoherence } from '#kernel/coherence/open-coherence.ts'
import { memoryShared } from '#platform/memory-cache.ts'
import { fakeClock } from '#tests/support/clock.ts'

const turns = async (count = 6): Promise<void> => {
  for (let i = 0; i < count; i += 1) await turn()
}

/** A bus whose messages and failures are in the hand of the test. */
function heldBus(inner: Bus) {
  const state = {
    isAway: false,
    isDeaf: false,
    failing: new Set<string>(),
    listener: undefined as BusListener | undefined,
    calls: [] as string[],
  }
  const through =
    <A extends unknown[]>(name: string, call: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      state.calls.push(name)
      if (state.isAway || state.failing.has(name)) throw new Error('away')
      await call(...args)
    }
  const bus: Bus = {
    mark: through('mark', inner.mark),
    invalidate: through('invalidate', inner.invalidate),
    adopt: through('adopt', inner.adopt),
    publish: through('publish', inner.publish),
    send: through('send', inner.send),
    open: (id, listener) => {
      state.listener = listener
      return inner.open(id, {
        ...listener,
        message: (text) => {
          if (!state.isDeaf) listener.message(text)
        },
        lost: () => listener.lost(),
      })
    },
    close: () => inner.close(),
  }
  return Object.assign(state, { bus })
}

function cluster() {
  const clock = fakeClock()
  const shared = memoryShared(clock.now)
  const after = (ms: number, run: () => void) => {
    const timer = clock.setTimeout(run, ms)
    return () => clock.clearTimeout(timer)
  }
  return {
    clock,
    async join(id: string, options: Partial<CoherenceOptions> = {}) {
      const held = heldBus(shared.bus())
      const coherence = openCoherence({
        id,
        bus: held.bus,
        now: clock.now,
        after,
        defer: setImmediate,
        ...options,
      })
      const told: string[] = []
      coherence.onInvalidate((names) => told.push(...names))
      await coherence.start()
      await turns()
      return Object.assign(held, { coherence, told })
    },
  }
}

/** Whether it has settled, asked without moving the clock. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  let done = false
  work.then(() => {
    done = true
  })
  await turns()
  return done
}

const run = async (clock: ReturnType<typeof fakeClock>, ms: number): Promise<void> => {
  await clock.run(ms)
  await turns()
}

t.test(
  'trust begins when the own beat returns and ends when none has for the length of the lease',
  async (t) => {
    const { clock, join } = cluster()
    const replica = await join('a')
    t.equal(replica.coherence.isTrusted(), true)
    await run(clock, 1_000)
    t.equal(replica.coherence.isTrusted(), true)
    replica.isDeaf = true
    await run(clock, 249)
    t.equal(
      replica.coherence.isTrusted(),
      false,
      'the last beat that returned was sent 80 ms earlier or more',
    )
  },
)

t.test('copies from before a lapse are void when trust returns', async (t) => {
  const { clock, join } = cluster()
  const replica = await join('a')
  replica.isDeaf = true
  await run(clock, 400)
  replica.told.length = 0
  replica.isDeaf = false
  await run(clock, 100)
  t.strictSame(replica.told, ['*'])
  t.equal(replica.coherence.isTrusted(), true)
})

t.test('a broken channel ends trust at once, and a beat from before proves nothing', async (t) => {
  const { clock, join } = cluster()
  const replica = await join('a')
  replica.listener?.lost()
  t.equal(replica.coherence.isTrusted(), false)
  replica.listener?.message(JSON.stringify(['beat', 'a', 1]))
  await turns()
  t.equal(replica.coherence.isTrusted(), false)
  await run(clock, 100)
  t.equal(replica.coherence.isTrusted(), true)
})

t.test('a message that nobody can read counts as one that was missed, and ends no process', async (t) => {
  const { clock, join } = cluster()
  const replica = await join('a')
  for (const text of [
    '{',
    'null',
    '["invalidate"]',
    '["invalidate","b",1]',
    '["mark","b"]',
    '["later","b"]',
  ]) {
    t.ok(replica.coherence.isTrusted(), 'trust comes back with the next beat')
    replica.listener?.message(text)
    t.notOk(replica.coherence.isTrusted(), text)
    await run(clock, 100)
  }
})

t.test('a channel that breaks while trust is being regained leaves it lost', async (t) => {
  const { clock, join } = cluster()
  let caughtUp = Promise.withResolvers<void>()
  const detour = { announce: async () => {}, catchUp: () => caughtUp.promise, onAnnounced: () => {} }
  const replica = await join('a', { detour })
  await run(clock, 100)
  t.equal(replica.coherence.isTrusted(), false, 'what was announced is not known yet')
  replica.listener?.lost()
  caughtUp.resolve()
  await turns()
  t.equal(replica.coherence.isTrusted(), false)
  caughtUp = Promise.withResolvers()
  caughtUp.promise.catch(() => {})
  caughtUp.reject(new Error('away'))
  await run(clock, 100)
  t.equal(replica.coherence.isTrusted(), false, 'nor when it cannot be known')
  caughtUp = Promise.withResolvers()
  caughtUp.resolve()
  await run(clock, 100)
  t.equal(replica.coherence.isTrusted(), true)
})

t.test('an invalidation settles once every live replica has acknowledged it', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  t.equal(await isDone(writer.coherence.invalidate(['item:1'])), true)
  t.ok(other.told.includes('item:1'))
})

t.test('invalidations and acknowledgements of one turn travel together', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  writer.calls.length = 0
  other.calls.length = 0
  const all = Promise.all(['item:1', 'item:2', 'item:3'].map((name) => writer.coherence.invalidate([name])))
  t.equal(await isDone(all), true)
  t.strictSame(writer.calls, ['invalidate'])
  t.strictSame(other.calls, ['send'])
})

t.test('a replica that does not answer is outwaited, until nothing of it can be trusted', async (t) => {
  const { clock, join } = cluster()
  const [writer, frozen] = [await join('a'), await join('b')]
  await run(clock, 500)
  frozen.isDeaf = true
  const invalidated = writer.coherence.invalidate(['item:1'])
  t.equal(await isDone(invalidated), false)
  await run(clock, 249)
  t.equal(await isDone(invalidated), false)
  await run(clock, 50)
  t.equal(await isDone(invalidated), true)
  t.equal(frozen.coherence.isTrusted(), false)
})

t.test('a replica that has not been heard for long, or has left, is not waited for', async (t) => {
  const { clock, join } = cluster()
  const [writer, silent, leaving] = [await join('a'), await join('b'), await join('c')]
  await run(clock, 500)
  silent.isAway = true
  silent.isDeaf = true
  leaving.isDeaf = true
  await run(clock, 400)
  const invalidated = writer.coherence.invalidate(['item:1'])
  t.equal(await isDone(invalidated), false)
  await leaving.coherence.close()
  t.equal(await isDone(invalidated), true)
})

t.test(
  'a writer that has just joined waits for every lease, because it has not heard everybody',
  async (t) => {
    const { clock, join } = cluster()
    await join('a')
    const writer = await join('b')
    const invalidated = writer.coherence.invalidate(['item:1'])
    t.equal(await isDone(invalidated), false)
    await run(clock, 300)
    t.equal(await isDone(invalidated), true)
  },
)

t.test(
  'an acknowledgement that comes before the own message, too late or unasked does no harm',
  async (t) => {
    const { clock, join } = cluster()
    const [writer, other] = [await join('a'), await join('b')]
    await run(clock, 500)
    other.isDeaf = true
    writer.isDeaf = true
    const invalidated = writer.coherence.invalidate(['item:1'])
    await turns()
    const number = 2
    writer.listener?.message(JSON.stringify(['acknowledge', 'b', [number, 77]]))
    writer.listener?.message(JSON.stringify(['leave', 'c']))
    writer.listener?.message(JSON.stringify(['invalidate', 'a', number, ['item:1']]))
    t.equal(await isDone(invalidated), true)
    writer.listener?.message(JSON.stringify(['acknowledge', 'b', [number]]))
    writer.listener?.message(JSON.stringify(['invalidate', 'a', number, ['item:1']]))
    writer.listener?.message(JSON.stringify(['of a later release', 'b']))
  },
)

t.test('a mark is told to everybody and not waited for; its release is', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  const marks = [writer.coherence.mark(['item:1']), writer.coherence.mark(['item:1', 'items'])]
  await turns()
  t.strictSame(other.told.slice(-2), ['item:1', 'items'])
  t.equal(await isDone(Promise.all(marks.map((mark) => mark.release()))), true)
  t.strictSame(other.calls.filter((call) => call === 'send').length, 1)
})

t.test('without the bus a write waits for every lease, and all is void before trust returns', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  writer.isAway = true
  const mark = writer.coherence.mark(['item:1'])
  await turns()
  const released = mark.release()
  t.equal(await isDone(released), false)
  await run(clock, 300)
  t.equal(await isDone(released), true)
  t.equal(writer.calls.includes('invalidate'), false, 'a bus that was away a moment ago is not asked again')
  await writer.coherence.mark(['item:2'])
  writer.isAway = false
  other.told.length = 0
  await run(clock, 100)
  t.ok(other.told.includes('*'))
  t.equal(writer.coherence.isTrusted(), true)
})

t.test('a mark given while the bus was away a moment ago is not sent', async (t) => {
  const { clock, join } = cluster()
  const writer = await join('a')
  await run(clock, 500)
  writer.isAway = true
  writer.coherence.mark(['item:1'])
  await turns()
  writer.coherence.mark(['item:1'])
  await turns()
  t.equal(writer.calls.filter((call) => call === 'mark').length, 1)
})

t.test('an acknowledgement that cannot be sent leaves its writer to wait for the lease', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  other.isAway = true
  const invalidated = writer.coherence.invalidate(['item:1'])
  t.equal(await isDone(invalidated), false)
  await run(clock, 300)
  t.equal(await isDone(invalidated), true)
  await other.coherence.close()
})

/** Announcements between the replicas of one test. */
function detours() {
  const relays = new Map<string, (names: readonly string[]) => Promise<void>>()
  const detourOf = (id: string): Detour => ({
    announce: (names) =>
      Promise.any([...relays].filter(([other]) => other !== id).map(([, relay]) => relay(names))),
    catchUp: async () => {},
    onAnnounced: (relay) => void relays.set(id, relay),
  })
  return detourOf
}

t.test('a writer that alone is cut off has others invalidate for it', async (t) => {
  const { clock, join } = cluster()
  const detourOf = detours()
  const writer = await join('a', { detour: detourOf('a') })
  const [other, third] = [await join('b', { detour: detourOf('b') }), await join('c')]
  await run(clock, 1_000)
  writer.isAway = true
  await run(clock, 400)
  const invalidated = writer.coherence.invalidate(['item:1'])
  t.equal(await isDone(invalidated), true)
  t.ok(other.told.includes('item:1') && third.told.includes('item:1'))
  writer.isAway = false
  third.told.length = 0
  await run(clock, 200)
  t.notOk(third.told.includes('*'), 'nothing was missed, so nothing else is voided')
})

t.test('who could not invalidate for another voids all before it trusts again', async (t) => {
  const { clock, join } = cluster()
  const detourOf = detours()
  const writer = await join('a', { detour: detourOf('a') })
  const [other, third] = [await join('b', { detour: detourOf('b') }), await join('c')]
  await run(clock, 1_000)
  writer.isAway = true
  other.isAway = true
  const invalidated = writer.coherence.invalidate(['item:1'])
  await run(clock, 300)
  t.equal(await isDone(invalidated), true)
  third.told.length = 0
  other.isAway = false
  await run(clock, 100)
  t.ok(third.told.includes('*'))
  await run(clock, 400)
  t.equal(other.coherence.isTrusted(), true)
})

t.test('closing ends trust, says goodbye and leaves no timer, also without the bus', async (t) => {
  const { clock, join } = cluster()
  const replica = await join('a')
  replica.isAway = true
  await replica.coherence.close()
  t.equal(replica.coherence.isTrusted(), false)
  t.equal(clock.pending(), 0)
})

t.test('a lease that begins without the bus begins when the bus is there', async (t) => {
  const { clock, join } = cluster()
  const replica: { coherence: Coherence; isAway: boolean } = await join('a')
  replica.isAway = true
  await run(clock, 300)
  t.equal(replica.coherence.isTrusted(), false)
  replica.isAway = false
  await run(clock, 100)
  t.equal(replica.coherence.isTrusted(), true)
})

t.test(
  'a bus that is back before the leases have run out is told before the write is answered',
  async (t) => {
    const { clock, join } = cluster()
    const [writer, other] = [await join('a'), await join('b')]
    await run(clock, 500)
    writer.isAway = true
    const invalidated = writer.coherence.invalidate(['item:1'])
    await turns()
    writer.isAway = false
    other.told.length = 0
    await run(clock, 290)
    t.equal(await isDone(invalidated), true)
    t.strictSame(other.told, ['item:1'])
    t.equal(writer.coherence.isTrusted(), true)
  },
)

t.test('a debt that cannot be paid is kept, and trust with it', async (t) => {
  const { clock, join } = cluster()
  const [writer, other] = [await join('a'), await join('b')]
  await run(clock, 500)
  writer.isAway = true
  const invalidated = writer.coherence.invalidate(['item:1'])
  await run(clock, 300)
  t.equal(await isDone(invalidated), true)
  writer.failing.add('invalidate')
  writer.isAway = false
  await run(clock, 300)
  t.equal(writer.coherence.isTrusted(), false)
  writer.failing.clear()
  await run(clock, 600)
  t.ok(other.told.includes('*'))
  t.equal(writer.coherence.isTrusted(), true)
})

t.test('one that never started can be closed', async (t) => {
  const clock = fakeClock()
  const held = heldBus(memoryShared(clock.now).bus())
  const coherence = openCoherence({
    id: 'a',
    bus: held.bus,
    now: clock.now,
    after: () => () => {},
    defer: setImmediate,
  })
  await coherence.close()
  t.equal(coherence.isTrusted(), false)
})
