/** The map of the system: what nginx counts of itself stands at the edge, and what no replica saw is told as such. */

import t from 'tap'
import type { SystemPicture } from '#client/index.ts'
import { networkOf } from '#dashboard/pages/topology/network.ts'
import { lying } from '#dashboard/pages/topology/plan.ts'

type Tier = SystemPicture['edge'][number]

const tier = (name: string, requestsPerSecond: number): Tier => ({
  ...{ tier: name, isUp: true, requestsPerSecond, connections: 34, droppedPerSecond: 0 },
})

const picture = (edge: Tier[], requestsPerSecond: number): SystemPicture => ({
  time: 0,
  replicas: [],
  totals: { requestsPerSecond, errorsPerSecond: 0, rejectedPerSecond: 0, p50Ms: 1, p99Ms: 2 },
  edge,
})

const shown = (edge: Tier[], requestsPerSecond: number, isConnected = true) => {
  const { nodes, links } = networkOf(picture(edge, requestsPerSecond), lying, isConnected)
  const [gateway, balancer] = nodes
  return { gateway, balancer, flow: links[0]?.flow }
}

t.test('between gateway and balancer stands what was passed on, and what was not', async (t) => {
  const { gateway, balancer, flow } = shown([tier('gateway', 120), tier('balancer', 90)], 90)
  t.match(flow, { perSecond: 90, keptPerSecond: 30, p99Ms: 2 })
  t.match(gateway, { state: 'Up', note: '120/s · 34 open' })
  t.match(balancer, { state: 'Up', note: '0 of 0 replicas' })
})

t.test('what the balancer answers itself is told once it is more than two clocks differ by', async (t) => {
  t.match(shown([tier('gateway', 100), tier('balancer', 100)], 40).balancer, { note: 'keeps about 60/s' })
  t.match(shown([tier('gateway', 100), tier('balancer', 100)], 95).balancer, { note: '0 of 0 replicas' })
})

t.test('who asks the balancer directly is not what the gateway passed on', async (t) => {
  t.match(shown([tier('gateway', 10), tier('balancer', 90)], 90).flow, { perSecond: 10, keptPerSecond: 0 })
})

t.test('where nobody can ask nginx the totals stand, and the stream alone proves the edge', async (t) => {
  const { gateway, flow } = shown([], 12)
  t.match(flow, { perSecond: 12, keptPerSecond: 0 })
  t.match(gateway, { state: 'Up', note: '0 in flight' })
  t.match(shown([], 12, false).gateway, { state: 'Not answering' })
  t.equal(shown([], 12, false).flow, undefined)
})

t.test('a tier that tells no status is said to tell none', async (t) => {
  const silent = { ...tier('balancer', 0), isUp: false }
  const { balancer, flow } = shown([tier('gateway', 5), silent], 5)
  t.match(balancer, { state: 'No status' })
  t.match(flow, { perSecond: 5, keptPerSecond: 0 })
})
