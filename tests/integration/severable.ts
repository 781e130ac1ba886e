/** Doors in front of a server's socket, whose connections can be cut. */

import { rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Scope } from '#tests/support/scope.ts'

export interface Door {
  /** Not yet listening. */
  readonly server: Server
  /** Ends every connection through it. */
  cut(): void
}

/** Hands every connection on to the unix socket `target`. */
export function doorTo(target: string): Door {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  return {
    server,
    cut: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

export interface Severable {
  sever(): void
  restore(): Promise<void>
}

/** A unix socket in front of another that can be taken away: its connections break, new ones are refused, until it is back. */
export async function severable(t: Scope, socketPath: string, target: string): Promise<Severable> {
  let door: Door | undefined
  const sever = (): void => {
    door?.server.close()
    rmSync(socketPath, { force: true })
    door?.cut()
  }
  const restore = async (): Promise<void> => {
    const opened = doorTo(target)
    door = opened
    await new Promise<void>((resolve) => opened.server.listen(socketPath, resolve))
  }
  await restore()
  t.teardown(sever)
  return { sever, restore }
}
