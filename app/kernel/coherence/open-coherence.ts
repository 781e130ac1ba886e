/** Joins lease, acknowledgements and bus into one `Coherence`, and takes the detour when the bus is away. */

import type { After } from '#kernel/clock.ts'
import { together } from '#kernel/together.ts'
import { type Defer, perTurn } from '#kernel/turn.ts'
import { Acknowledgements } from './acknowledgements.ts'
import { type Bus, type Coherence, type Detour, EVERYTHING, type Mark, type Marked } from './coherence.ts'
import { Lease } from './lease.ts'

export interface CoherenceOptions {
  /** Unique to this start of this replica: a restarted one is another member. */
  readonly id: string
  readonly bus: Bus
  readonly detour?: Detour
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly after: After
  readonly defer: Defer
  /** How long a copy is trusted after the last proof of being in touch. All replicas must agree. */
  readonly leaseMs?: number
  /** Added where a lease is outwaited: clocks that run unequally, timers that fire early. */
  readonly marginMs?: number
  readonly beatEveryMs?: number
  /** Longer than `leaseMs` breaks the promise; only the history test does so, to show that it notices. */
  readonly trustMs?: number
}

type Message =
  | readonly ['beat', from: string, beat: number]
  | readonly ['invalidate', from: string, invalidation: number, names: readonly string[]]
  | readonly ['mark', from: string, names: readonly string[]]
  | readonly ['acknowledge', from: string, invalidations: readonly number[]]
  | readonly ['leave', from: string]

const namesOf = (marks: readonly Mark[]): string[] => [...new Set(marks.map(({ name }) => name))]

const unmarked = (names: readonly string[]): Mark[] => names.map((name) => ({ name, token: '' }))

export function openCoherence(options: CoherenceOptions): Coherence {
  const { id, bus, detour, now, after, defer, leaseMs = 250, marginMs = 40, beatEveryMs = 80 } = options
  const outlastMs = leaseMs + marginMs
  const listeners: ((names: readonly string[]) => void)[] = []
  const acknowledgements = new Acknowledgements({ outlastMs, now, after })
  let invalidations = 0
  let tokens = 0
  let awayUntil = Number.NEGATIVE_INFINITY
  let owesEverything = false
  let cancelBeat = (): void => {}

  const lease = new Lease({
    trustMs: options.trustMs ?? leaseMs,
    now,
    recover: async () => {
      await detour?.catchUp()
      await bus.adopt(`${id}.${++invalidations}`)
      if (!owesEverything) return
      owesEverything = false
      await publish(unmarked([EVERYTHING])).catch((cause) => {
        owesEverything = true
        throw cause
      })
    },
    regained: () => tell([EVERYTHING]),
  })

  const tell = (names: readonly string[]): void => {
    for (const listener of listeners) listener(names)
  }

  /** Somebody may not know of an invalidation: trust ends here, and comes back when everything was voided. */
  const owe = (): void => {
    owesEverything = true
    lease.lose()
  }

  /** Settles when nobody can serve the old values; rejects at once when the bus cannot be reached. */
  async function publish(marks: readonly Mark[]): Promise<void> {
    invalidations += 1
    const names = namesOf(marks)
    const expected = acknowledgements.expect(invalidations)
    try {
      await bus.invalidate({
        version: `${id}.${invalidations}`,
        message: JSON.stringify(['invalidate', id, invalidations, names] satisfies Message),
        marks,
      })
    } catch (cause) {
      awayUntil = now() + leaseMs
      expected.cancel()
      throw cause
    }
    expected.published()
    await expected.done
  }

  /** Without the bus: others may invalidate for us; else wait out every lease, and void all before we trust again. */
  async function goRound(names: readonly string[]): Promise<void> {
    const outlasted = Promise.withResolvers<boolean>()
    const cancel = after(outlastMs, () => outlasted.resolve(false))
    const relayed = detour?.announce(names).then(
      () => true,
      () => outlasted.promise,
    )
    const isRelayed = await Promise.race([outlasted.promise, relayed ?? outlasted.promise])
    cancel()
    if (!isRelayed) {
      // A bus that has come back meanwhile can still be told before we answer.
      if (lease.isTrusted()) await publish(unmarked(names)).catch(owe)
      else owe()
    }
    tell(names)
  }

  const invalidateTogether = together<readonly Mark[], void>({
    defer,
    call: async (batch) => {
      if (now() < awayUntil) throw new Error('The bus was away a moment ago')
      await publish(batch.flat())
      return []
    },
  })

  const invalidate = (marks: readonly Mark[]): Promise<void> =>
    invalidateTogether(marks).catch(() => goRound(namesOf(marks)))

  const markTogether = perTurn<readonly Mark[]>(defer, (batch) => {
    if (now() < awayUntil) return
    const marks = batch.flat()
    const names = namesOf(marks)
    invalidations += 1
    const message: Message = ['mark', id, names]
    bus.mark({ version: `${id}.${invalidations}`, message: JSON.stringify(message), marks }).catch(() => {
      // Without marks the write goes on: they only stand in for a writer that dies. Its end takes the detour.
      awayUntil = now() + leaseMs
    })
  })

  const acknowledge = perTurn<readonly [to: string, invalidation: number]>(defer, (batch) => {
    const byWriter = Map.groupBy(batch, ([to]) => to)
    for (const [to, of] of byWriter) {
      const message: Message = ['acknowledge', id, of.map(([, invalidation]) => invalidation)]
      // The writer outwaits our lease when this does not arrive.
      bus.send(to, JSON.stringify(message)).catch(() => {})
    }
  })

  function ownBeatReturned(beat: number): void {
    acknowledgements.subscribed()
    awayUntil = Number.NEGATIVE_INFINITY
    lease.returned(beat)
  }

  function receive(text: string): void {
    const message = messageOf(text)
    if (message === undefined) {
      // Whoever wrote it may have meant an invalidation: as good as one that was missed.
      lease.lose()
      return
    }
    const from = message[1]
    const isOwn = from === id
    if (message[0] === 'beat') {
      if (isOwn) ownBeatReturned(message[2])
      else acknowledgements.heard(from)
    } else if (message[0] === 'invalidate') {
      tell(message[3])
      if (isOwn) acknowledgements.returned(message[2])
      else acknowledge([from, message[2]])
    } else if (message[0] === 'mark') {
      tell(message[2])
    } else if (message[0] === 'acknowledge') {
      for (const invalidation of message[2]) acknowledgements.acknowledged(from, invalidation)
    } else if (message[0] === 'leave') acknowledgements.left(from)
  }

  function beat(): void {
    cancelBeat = after(beatEveryMs, beat)
    // A beat that does not return ends the lease: nothing else to do.
    bus.publish(JSON.stringify(['beat', id, lease.beat()] satisfies Message)).catch(() => {})
  }

  return {
    isTrusted: () => lease.isTrusted(),
    mark(names): Marked {
      tokens += 1
      const token = `${id}.${tokens}`
      const marks = names.map((name) => ({ name, token }))
      markTogether(marks)
      return { release: () => invalidate(marks) }
    },
    invalidate: (names) => invalidate(unmarked(names)),
    onInvalidate: (listener) => void listeners.push(listener),
    async start() {
      detour?.onAnnounced(async (names) => {
        tell(names)
        await publish(unmarked(names)).catch((cause) => {
          owe()
          throw cause
        })
      })
      await bus.open(id, {
        message: receive,
        lost: () => {
          lease.lose()
          acknowledgements.unsubscribed()
        },
      })
      beat()
    },
    async close() {
      cancelBeat()
      lease.lose()
      await bus.publish(JSON.stringify(['leave', id] satisfies Message)).catch(() => {})
      await bus.close()
    },
  }
}

const kinds: readonly unknown[] = [
  'beat',
  'invalidate',
  'mark',
  'acknowledge',
  'leave',
] satisfies Message[0][]

/** Undefined for what no replica of this release writes. */
function messageOf(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text)
    if (!Array.isArray(message) || !kinds.includes(message[0]) || typeof message[1] !== 'string')
      return undefined
    const [kind, , third, names] = message as [Message[0], string, unknown, unknown]
    const hasNames = Array.isArray(kind === 'invalidate' ? names : third)
    return kind === 'beat' || kind === 'leave' || hasNames ? (message as unknown as Message) : undefined
  } catch {
    return undefined
  }
}
