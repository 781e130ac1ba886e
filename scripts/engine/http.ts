/** Asking a process of ours whether it is well. */

import { request } from 'node:http'

/** @property socketPath - asked there instead of at host and port */
export interface HealthAddress {
  readonly path: string
  readonly port?: number
  readonly socketPath?: string
}

/** True when `path` answers 200 within a second. */
export const answersOk = (address: HealthAddress): Promise<boolean> =>
  statusOf(address).then((status) => status === 200)

/** True when it lets us in and then says nothing for a second. One that refuses is not stuck: it is ending, or gone. */
export const isSilent = (address: HealthAddress): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', agent: false, timeout: 1_000, ...address }, (reply) => {
      reply.resume()
      resolve(false)
    })
    asked.on('timeout', () => {
      resolve(true)
      asked.destroy()
    })
    asked.on('error', () => resolve(false))
    asked.end()
  })

export function statusOf(address: HealthAddress): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', agent: false, timeout: 1_000, ...address }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(undefined))
    asked.end()
  })
}
