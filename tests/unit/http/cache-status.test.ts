import t from 'tap'
import { cacheStatus } from '#http/cache-status.ts'

t.test('Cache-Status says where the answer came from and how fresh it is', async (t) => {
  const read = { value: undefined, ttlSeconds: 42 }
  t.equal(cacheStatus({ ...read, status: 'hit', detail: 'l1' }), 'sluice; hit; ttl=42; detail=l1')
  t.equal(
    cacheStatus({ ...read, status: 'stale', detail: 'l2', ttlSeconds: -3 }),
    'sluice; hit; ttl=-3; detail=l2',
  )
  t.equal(cacheStatus({ ...read, status: 'miss', detail: 'postgres' }), 'sluice; fwd=miss; detail=postgres')
})
