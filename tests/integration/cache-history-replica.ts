/** One replica of the history test: reads and writes through the cache without pause and reports what it saw. */

import { Redis } from 'ioredis'
import { openCache } from '#kernel/cache/open-cache.ts'
import type { Detour } from '#kernel/coherence/coherence.ts'
import { openCoherence } from '#kernel/coherence/open-coherence.ts'
import { redisBus } from '#platform/redis-bus.ts'
import { redisCache } from '#platform/redis-cache.ts'
import { after, monotonicMs } from '#platform/timers.ts'
import type { Asked, FromReplica, Operation, Settings, ToReplica } from './cache-history-protocol.ts'

const settings = JSON.parse(process.argv[2] ?? '') as Settings
const { id, socketPath, prefix, keys, ttlMs, trustMs } = settings
const options = {
  path: socketPath,
  enableOfflineQueue: false,
  commandTimeout: 150,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => 20,
}
const [commands, subscriber] = [new Redis(options), new Redis(options)]
for (const client of [commands, subscriber]) client.on('error', () => {})

/** One clock for all processes of this machine. */
const time = (): number => Number(process.hrtime.bigint()) / 1e6
const tell = (message: FromReplica): void => {
  if (process.connected) process.send?.(message)
}

const answers = new Map<number, (value: number) => void>()
let asked = 0
const ask = (what: Asked): Promise<number> => {
  asked += 1
  tell({ ask: asked, what })
  const { promise, resolve } = Promise.withResolvers<number>()
  answers.set(asked, resolve)
  return promise
}

let relay: (names: readonly string[]) => Promise<void> = async () => {}
const detour: Detour = {
  async announce(names) {
    await ask({ kind: 'announce', names })
  },
  async catchUp() {
    await ask({ kind: 'catch-up' })
  },
  onAnnounced(given) {
    relay = given
  },
}

const coherence = openCoherence({
  id,
  bus: redisBus({ commands, subscriber, prefix }),
  detour,
  now: monotonicMs,
  after,
  defer: setImmediate,
  ...(trustMs !== undefined && { trustMs }),
})
const cache = openCache({
  store: redisCache({ redis: commands, prefix, id }),
  coherence,
  now: monotonicMs,
  after,
  ttlMs,
  staleForMs: 200,
})

let isOver = false
let log: Operation[] = []
const record = (operation: Operation): void => {
  log.push(operation)
  if (log.length >= 50) flush()
}
const flush = (): void => {
  tell({ operations: log })
  log = []
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => void after(ms, resolve))
const anyKey = (): string => keys[Math.floor(Math.random() * keys.length)] ?? ''

async function readOn(): Promise<void> {
  while (!isOver) {
    const key = anyKey()
    const begun = time()
    const { value, status, detail } = await cache.through(key, async () => {
      const version = await ask({ kind: 'read', key })
      return { body: Buffer.from(String(version)), etag: `"${version}"` }
    })
    record({
      kind: 'read',
      by: id,
      key,
      begun,
      ended: time(),
      version: Number(value?.body),
      via: `${status} ${detail}`,
    })
    await pause(1)
  }
}

async function writeOn(): Promise<void> {
  while (!isOver) {
    const key = anyKey()
    const begun = time()
    const version = await cache.write([key], () => ask({ kind: 'write', key }))
    record({ kind: 'write', by: id, key, begun, ended: time(), version })
    await pause(10 + Math.random() * 140)
  }
}

process.on('message', (message: ToReplica) => {
  if ('answer' in message) answers.get(message.answer)?.(message.value)
  else if ('announced' in message)
    relay(message.announced).then(
      () => tell({ relayed: message.announcement }),
      () => {},
    )
  else isOver = true
})

await coherence.start()
await Promise.all([readOn(), readOn(), readOn(), writeOn(), writeOn()])
flush()
await coherence.close()
commands.disconnect()
subscriber.disconnect()
process.disconnect()
