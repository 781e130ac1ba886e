/** What nginx counts since its start, told as what it did lately. */

import t from 'tap'
import { edgeLoad } from '#platform/edge-load.ts'
import type { NginxReading, StubStatus } from '#platform/nginx-status.ts'

const idle: StubStatus = {
  ...{ active: 1, accepted: 10, handled: 10, requests: 100 },
  ...{ reading: 0, writing: 1, waiting: 0 },
}

/** A gateway that counts each time it is asked, as nginx does, and what else `next` says. */
function scene() {
  let at = 0
  let asks = 0
  let figures: StubStatus | undefined = idle
  let isTeller = true
  const edge = edgeLoad({
    status: async (): Promise<NginxReading> => ({ at, asks, tiers: [{ tier: 'gateway', figures }] }),
    isTeller: () => isTeller,
  })
  return {
    edge,
    ask: async () => {
      at += 500
      asks += 1
      if (figures) figures = { ...figures, requests: figures.requests + 1 }
      await edge.beat()
    },
    next: (changes: Partial<StubStatus> | undefined) => {
      figures = changes && { ...(figures ?? idle), ...changes }
    },
    requests: (count: number) => {
      if (figures) figures = { ...figures, requests: figures.requests + count }
    },
    tellsAnother: () => {
      isTeller = false
    },
  }
}

const gateway = { tier: 'gateway', isUp: true, requestsPerSecond: 0, connections: 0, droppedPerSecond: 0 }

t.test('its own asking is no request and no connection', async (t) => {
  const { edge, ask } = scene()
  t.strictSame(edge.tiers(), [], 'nothing was heard yet')
  for (let beat = 0; beat < 8; beat++) await ask()
  t.strictSame(edge.tiers(), [gateway])
})

t.test('rates are of the last two seconds', async (t) => {
  const { edge, ask, next, requests } = scene()
  await ask()
  requests(30)
  next({ active: 8, accepted: 15, handled: 12 })
  await ask()
  t.strictSame(edge.tiers(), [{ ...gateway, requestsPerSecond: 60, connections: 7, droppedPerSecond: 6 }])
  for (let beat = 0; beat < 3; beat++) await ask()
  t.match(edge.tiers(), [{ requestsPerSecond: 15, droppedPerSecond: 1.5 }])
  await ask()
  t.match(edge.tiers(), [{ requestsPerSecond: 0, droppedPerSecond: 0 }])
})

t.test('one that does not answer is down, and one that started again begins anew', async (t) => {
  const { edge, ask, next, requests } = scene()
  await ask()
  requests(1_000)
  next(undefined)
  await ask()
  t.strictSame(edge.tiers(), [{ ...gateway, isUp: false }])
  next({ requests: 0, accepted: 0, handled: 0 })
  await ask()
  t.strictSame(edge.tiers(), [gateway])
  requests(5)
  await ask()
  t.match(edge.tiers(), [{ isUp: true, requestsPerSecond: 10 }])
})

t.test('a reading that was seen already counts once', async (t) => {
  const { edge, ask, requests } = scene()
  await ask()
  requests(10)
  await ask()
  for (let again = 0; again < 10; again++) await edge.beat()
  t.match(edge.tiers(), [{ requestsPerSecond: 20 }])
})

t.test('a replica that is not to ask tells nothing', async (t) => {
  const { edge, ask, tellsAnother } = scene()
  await ask()
  tellsAnother()
  await ask()
  t.strictSame(edge.tiers(), [])
  const unknown = edgeLoad({ status: undefined, isTeller: () => true })
  await unknown.beat()
  t.strictSame(unknown.tiers(), [])
})
