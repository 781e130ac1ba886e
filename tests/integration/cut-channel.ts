/** A unix socket in front of another that can be cut: connections stay open and nothing passes, as when a cable is pulled. */

import { connect, createServer, type Socket } from 'node:net'
import type { Scope } from '#tests/support/scope.ts'

export interface Channel {
  readonly socketPath: string
  cut(): void
  /** What was on the way when it was cut is lost with its connections. */
  mend(): void
}

export async function cutChannel(t: Scope, socketPath: string, target: string): Promise<Channel> {
  const pairs = new Set<[Socket, Socket]>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(target)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (bytes) => isCut || to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
    }
  })
  const hangUp = (): void => {
    for (const [near, far] of pairs) {
      near.destroy()
      far.destroy()
    }
  }
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  t.teardown(() => {
    hangUp()
    server.close()
  })
  return {
    socketPath,
    cut() {
      isCut = true
    },
    mend() {
      hangUp()
      isCut = false
    },
  }
}
