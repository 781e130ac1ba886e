import t from 'tap'
import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import { changesBetween } from '#dashboard/live/changes.ts'

const store = { isUp: true, p99Ms: 1, errorsPerSecond: 0 }

const replica = (instanceId: string, changes: Partial<ReplicaPicture> = {}): ReplicaPicture => ({
  instanceId,
  state: 'up',
  silentMs: 0,
  version: '1.0.0',
  startedAt: '2026-01-01T00:00:00Z',
  inFlight: 0,
  requestsPerSecond: 0,
  errorsPerSecond: 0,
  rejectedPerSecond: 0,
  p50Ms: 0,
  p99Ms: 0,
  eventLoopMs: 0,
  residentBytes: 0,
  heapUsedBytes: 0,
  cpuShare: 0,
  admission: { limit: 1, running: 0, waiting: 0, shed: 0 },
  cache: { hits: 0, misses: 0, stale: 0, coalesced: 0, bytes: 0, entries: 0 },
  breakers: { external: 'closed' },
  redis: { ...store, callsPerSecond: 0 },
  postgres: { ...store, queriesPerSecond: 0, inUse: 0 },
  ...changes,
})

const picture = (...replicas: readonly ReplicaPicture[]): SystemPicture => ({
  time: Date.parse('2026-01-01T01:00:00Z'),
  replicas: [...replicas],
  totals: { requestsPerSecond: 0, errorsPerSecond: 0, rejectedPerSecond: 0, p50Ms: 0, p99Ms: 0 },
  edge: [],
})

const told = (before: SystemPicture, after: SystemPicture) =>
  changesBetween(before, after).map(({ text }) => text)

t.test('tells nothing when nothing but figures changed', async (t) => {
  t.same(told(picture(replica('api-1')), picture(replica('api-1', { requestsPerSecond: 9 }))), [])
})

t.test('tells of a replica that is gone, and of its return', async (t) => {
  const up = picture(replica('api-1'), replica('api-2'))
  const silent = picture(replica('api-1'), replica('api-2', { state: 'silent' }))
  const again = picture(replica('api-1'), replica('api-2', { startedAt: '2026-01-01T00:01:00Z' }))
  t.same(told(up, silent), ['api-2 is silent'])
  t.same(told(silent, again), ['api-2 has started again'])
  t.same(told(up, picture(replica('api-1'))), ['api-2 has left'])
  t.same(told(picture(replica('api-1')), up), ['api-2 has joined'])
})

t.test('tells which replica lost a store, and when it is back; of a dead one nothing', async (t) => {
  const away = { redis: { ...store, isUp: false, callsPerSecond: 0 } }
  const up = picture(replica('api-1'), replica('api-2'))
  const cut = picture(replica('api-1', away), replica('api-2'))
  t.same(told(up, cut), ['api-1 does not reach Redis'])
  t.same(told(cut, up), ['api-1 reaches Redis again'])
  t.same(told(up, picture(replica('api-1', { ...away, state: 'down' }), replica('api-2'))), ['api-1 is down'])
  const starting = { ...away, startedAt: '2026-01-01T00:59:58Z' }
  t.same(told(up, picture(replica('api-1', starting), replica('api-2'))), ['api-1 has started again'])
})

t.test('tells of each breaker that changes', async (t) => {
  const open = picture(replica('api-1', { breakers: { external: 'open' } }))
  t.same(told(picture(replica('api-1')), open), ['Breaker external of api-1 is open'])
})
