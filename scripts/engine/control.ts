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

const controlSocket = (run: string): string => join(run, 'supervisor.sock')

const quickMs = 10_000
const frozen = 'the supervisor does not answer: make stop ends it, make run-local begins again'

/** @returns undefined when no supervisor runs. @throws {EngineError} with what the supervisor refused */
export async function order(run: string, what: Order): Promise<Answer | undefined> {
  const text = await ask(controlSocket(run), what)
  if (text === '') return undefined
  const answer: Answer | { problem: string } = JSON.parse(text)
  if ('problem' in answer) throw new EngineError(answer.problem)
  return answer
}

/** All that comes back; nothing when nobody listens, or who listened died of it. */
function ask(path: string, what: Order): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    // Stopping and restarting take as long as the requests in flight; the others are answered at once.
    if (what.do === 'report' || what.do === 'repair') {
      socket.setTimeout(quickMs, () => socket.destroy(new EngineError(frozen)))
    }
    let text = ''
    socket.on('connect', () => socket.write(`${JSON.stringify(what)}\n`))
    socket.on('data', (bytes) => {
      text += bytes.toString()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', (error) => {
      if (error instanceof EngineError) reject(error)
    })
  })
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
