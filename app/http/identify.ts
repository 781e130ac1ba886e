/** First room: gives each request its id, the client's address and the time it came. */

import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6, type Socket } from 'node:net'
import type { Room } from './rooms.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The client as the edge saw it: what anonymous limits count by (an IPv6 one as its /64). */
    clientAddress: string
    /** Milliseconds between the edge's handing it over and this process, by their two clocks: in queues, or at a replica that failed. */
    waitedMs: number
    /** What the route says of itself. `routeOptions` makes a new object of twelve members each time it is asked. */
    rules: FastifyContextConfig & { readonly url?: string }
  }
}

const acceptable = /^[A-Za-z0-9._-]{1,128}$/

// One random prefix a process and a counter: unique without asking the kernel for entropy on each request. 32 hexadecimal
// digits like the gateway's own, so that it names the trace too.
const processPart = randomBytes(10).toString('hex')
let counter = 0

/** The client's X-Request-Id where it is acceptable, else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && acceptable.test(given) ? given : newRequestId()
}

export function newRequestId(): string {
  counter = (counter + 1) % 2 ** 48
  return `${processPart}${counter.toString(16).padStart(12, '0')}`
}

export function identify(trustedProxies: readonly string[], instanceId: string): Room {
  const isTrusted = proxyTrust(trustedProxies)
  return {
    enter(request, reply) {
      const forwarded = isTrusted(request.raw.socket) ? request.headers['x-real-ip'] : undefined
      request.waitedMs = forwarded === undefined ? 0 : waitedMs(request.headers['x-request-start'])
      request.clientAddress = networkOf(typeof forwarded === 'string' ? forwarded : (request.ip ?? ''))
      request.rules = request.routeOptions.config
      // The edge writes it itself, over ours.
      if (forwarded === undefined) reply.header('x-request-id', request.id)
      reply.header('x-served-by', instanceId)
      // Unless a route says otherwise: keep it for yourself, and ask before using it again.
      reply.header('cache-control', 'private, no-cache')
      return undefined
    },
  }
}

/** Of `t=1764363600.123`, seconds of the edge's clock; 0 where that is ahead of ours. */
function waitedMs(started: string | string[] | undefined): number {
  if (typeof started !== 'string') return 0
  const waited = Date.now() - Number(started.slice(2)) * 1_000
  return Number.isFinite(waited) ? Math.max(0, waited) : 0
}

// A connection's peer does not change: asked once per connection, which the balancer keeps open for many requests.
function proxyTrust(cidrs: readonly string[]): (socket: Socket) => boolean {
  const trusted = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    trusted.addSubnet(network, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  const known = new WeakMap<Socket, boolean>()
  return (socket) => {
    let answer = known.get(socket)
    if (answer === undefined) {
      const address = socket.remoteAddress
      // A unix socket has no peer address, and only the balancer can open ours.
      answer = address === undefined || trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
      known.set(socket, answer)
    }
    return answer
  }
}

/** IPv4 as it is; IPv6 as its /64, the smallest network one subscriber is given (RFC 6177). */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
