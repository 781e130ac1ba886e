/** How the commands of `make` talk to the supervisor: one line of JSON there, one back, over a unix socket. */

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { EngineError, messageOf } from './engine-error.ts'
import type { StackReport } from './stack-run.ts'

export type Order =
  | { readonly do: 'report' }
  /** Bring up what is down. */
  | { readonly do: 'repair' }
  | { readonly do: 'restart'; readonly names: readonly string[] }
  /** Answered when everything has ended; the supervisor ends after it. */
  | { readonly do: 'stop' }

export interface Answer {
  /** Equal when the stack was started with the same settings. */
  readonly fingerprint: string
  readonly report: StackReport
}

export const controlSocket = (run: string): string => join(run, 'supervisor.sock')

/** @returns undefined when no supervisor runs. @throws {EngineError} with what the supervisor refused */
export async function order(run: string, what: Order): Promise<Answer | undefined> {
  const socket = connect(controlSocket(run))
  try {
    await once(socket, 'connect')
  } catch {
    return undefined
  }
  socket.write(`${JSON.stringify(what)}\n`)
  for await (const line of createInterface({ input: socket })) {
    socket.destroy()
    const answer: Answer | { problem: string } = JSON.parse(line)
    if ('problem' in answer) throw new EngineError(answer.problem)
    return answer
  }
  return undefined
}

/** Listens for orders. @throws {EngineError} when another supervisor listens there already */
export async function listen(run: string, obey: (what: Order) => Promise<Answer>): Promise<Server> {
  if ((await order(run, { do: 'report' })) !== undefined)
    throw new EngineError('another supervisor runs already')
  rmSync(controlSocket(run), { force: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    createInterface({ input: socket }).on('line', async (line) => {
      const answer = await Promise.resolve()
        .then(() => obey(JSON.parse(line)))
        .catch((error) => ({ problem: messageOf(error) }))
      socket.end(`${JSON.stringify(answer)}\n`)
    })
  })
  server.listen(controlSocket(run))
  await once(server, 'listening')
  return server
}
