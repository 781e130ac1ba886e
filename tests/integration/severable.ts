/** A unix socket in front of another that can be taken away: its connections break, new ones are refused, until it is back. */

import { rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Scope } from '#tests/support/scope.ts'

export interface Severable {
  sever(): void
  restore(): Promise<void>
}

export async function severable(t: Scope, socketPath: string, target: string): Promise<Severable> {
  const open = new Set<Socket>()
  let server: Server | undefined
  const sever = (): void => {
    server?.close()
    rmSync(socketPath, { force: true })
    for (const socket of open) socket.destroy()
  }
  const restore = async (): Promise<void> => {
    server = createServer((near) => {
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
    await new Promise<void>((resolve) => server?.listen(socketPath, resolve))
  }
  await restore()
  t.teardown(sever)
  return { sever, restore }
}
