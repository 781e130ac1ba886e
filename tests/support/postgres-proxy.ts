/** A way to Postgres that can be cut: what stands between a client and its server, under the hands of a test. */

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Scope } from './scope.ts'

export interface PostgresProxy {
  /** The same database by this way. */
  readonly url: string
  /** How often somebody came. */
  readonly met: number
  /** Ends every connection, with a reset or in good order. */
  cut(how: 'reset' | 'end'): void
  /** Those who come are let through, or hung up on before a word. */
  letIn(is: boolean): void
}

export async function postgresProxy(t: Scope, address: string): Promise<PostgresProxy> {
  const url = new URL(address)
  const folder = url.searchParams.get('host')
  const target =
    folder === null
      ? { host: url.hostname, port: Number(url.port || 5432) }
      : { path: `${folder}/.s.PGSQL.${url.port || 5432}` }
  const clients = new Set<Socket>()
  let met = 0
  let isOpen = true
  const server = createServer((client) => {
    met += 1
    client.on('error', () => {})
    if (!isOpen) return void client.end()
    const upstream = connect(target)
    clients.add(client)
    client.on('close', () => {
      clients.delete(client)
      upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
    upstream.on('error', () => {})
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const client of clients) client.destroy()
    server.close()
  })
  url.searchParams.delete('host')
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    get met() {
      return met
    },
    cut(how) {
      for (const client of clients) {
        if (how === 'reset') client.resetAndDestroy()
        else client.end()
      }
    },
    letIn(is) {
      isOpen = is
    },
  }
}
