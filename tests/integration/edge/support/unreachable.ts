/** An address that swallows every connection, as one does whose packets are dropped: a stopped listener whose queue is full. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Scope } from '#tests/support/scope.ts'

const listener = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
    process.stdout.write(server.address().port + '\\n', () => process.kill(process.pid, 'SIGSTOP')))`

// More than the queue of one and what the kernel adds to it.
const fill = 8

/** `127.0.0.1:port`, until the test ends. */
export async function unreachableAddress(t: Scope): Promise<string> {
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const sockets = Array.from({ length: fill }, () => connect(Number(port), '127.0.0.1').on('error', () => {}))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.any(sockets.map((socket) => once(socket, 'connect')))
  return `127.0.0.1:${port}`
}
