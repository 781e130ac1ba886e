/** Who a request comes from, as far as the edge can be believed, and what it is called. */

import t from 'tap'
import { networkOf } from '#http/identify.ts'
import { rooms } from '#tests/support/rooms.ts'

const open = { config: { public: true } } as const

const seenBy = async (t: Parameters<typeof rooms>[0], trustedProxies: readonly string[] = []) => {
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/who', open, async (request) => ({ address: request.clientAddress }))
    },
    { trustedProxies },
  )
  return async (remoteAddress: string, headers: Record<string, string> = {}): Promise<string> =>
    (await app.inject({ url: '/who', remoteAddress, headers })).json().address
}

t.test('a request id is taken over when it is harmless, else made; no two are made equal', async (t) => {
  const { app } = await rooms(t, () => {})
  const idFor = async (given?: string) =>
    (await app.inject({ url: '/health', headers: given === undefined ? {} : { 'x-request-id': given } }))
      .headers['x-request-id']
  for (const given of ['a', 'A-z_0.9', 'x'.repeat(128)]) t.equal(await idFor(given), given)
  const made = new Set<unknown>()
  for (const given of ['', 'x'.repeat(129), 'a b', 'a"b', 'ü', '{}', undefined]) {
    const id = await idFor(given)
    t.match(id, /^[A-Za-z0-9._-]{1,128}$/)
    t.not(id, given)
    made.add(id)
  }
  t.equal(made.size, 7)
})

t.test('an IPv6 client is its /64, a mapped IPv4 one its IPv4', async (t) => {
  const networks = {
    '192.0.2.1': '192.0.2.1',
    '::ffff:192.0.2.1': '192.0.2.1',
    '::FFFF:192.0.2.1': '192.0.2.1',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:db8:1:2::6': '2001:db8:1:2::/64',
    '2001:db8::6': '2001:db8:0:0::/64',
    '2001:db8:0:0::': '2001:db8:0:0::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1': 'fe80:0:0:0::/64',
    '': '',
  }
  for (const [address, network] of Object.entries(networks)) t.equal(networkOf(address), network, address)
})

t.test('a network is one, whether its zeros are written or not', async (t) => {
  t.equal(networkOf('2001:db8:0:0:1:2:3:4'), networkOf('2001:db8::1:2:3:4'))
})

t.test('X-Real-IP is believed from the networks that are trusted, and from nobody else', async (t) => {
  const forwarded = { 'x-real-ip': '203.0.113.9' }
  const nobody = await seenBy(t)
  t.equal(await nobody('192.0.2.1', forwarded), '192.0.2.1')
  const some = await seenBy(t, ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'])
  t.equal(await some('10.1.255.1', forwarded), '203.0.113.9')
  t.equal(await some('10.2.0.1', forwarded), '10.2.0.1')
  t.equal(await some('192.0.2.7', forwarded), '203.0.113.9', 'one address')
  t.equal(await some('192.0.2.8', forwarded), '192.0.2.8')
  t.equal(await some('2001:db8:5::1', forwarded), '203.0.113.9')
  t.equal(await some('::ffff:10.1.0.5', forwarded), '203.0.113.9', 'as a dual-stack socket tells it')
  t.equal(await some('10.1.0.5'), '10.1.0.5', 'without the header')
  t.equal(await some('192.0.2.1', { 'x-forwarded-for': '203.0.113.9' }), '192.0.2.1')
})

t.test('what the edge says of the time a request has waited is believed where it can be', async (t) => {
  const { app } = await rooms(
    t,
    (api) => {
      api.get('/waited', open, async (request) => ({ ms: request.waitedMs }))
    },
    { trustedProxies: ['10.0.0.0/8'] },
  )
  const waited = async (started: string, from = '10.0.0.1'): Promise<number> =>
    (
      await app.inject({
        url: '/waited',
        remoteAddress: from,
        headers: { 'x-real-ip': '203.0.113.9', 'x-request-start': started },
      })
    ).json().ms
  const ago = (ms: number): string => `t=${((Date.now() - ms) / 1_000).toFixed(3)}`
  const two = await waited(ago(2_000))
  t.ok(two >= 2_000 && two < 4_000, `${two}`)
  t.equal(await waited(ago(2_000), '192.0.2.1'), 0, 'from nobody we trust')
  t.equal(await waited(ago(-5_000)), 0, 'from a clock that is ahead')
  for (const nonsense of ['now', 't=x', 't=1e999']) t.equal(await waited(nonsense), 0, nonsense)
})
