/** What a DATABASE_URL says of where the servers are, as postgres.js takes it. */

import { Socket } from 'node:net'

/** Options of postgres.js that say where to connect, beside the address itself. */
export interface PostgresAddress {
  readonly url: string
  /** Asks again where a standby was met in place of the primary: what was asked was not sent there. */
  readonly askPrimary: <T>(ask: () => Promise<T>) => Promise<T>
  /** One that is about to connect. */
  readonly socket: () => Socket
  readonly target_session_attrs?: 'primary'
}

/** Of libpq's two kinds; a folder is where the server has its unix socket. */
type Server =
  | { readonly host: string; readonly port: number }
  | { readonly path: string; readonly port: number }

const several = /^([a-z]+:\/\/(?:[^@/?]*@)?)([^/?]*,[^/?]*)/

/**
 * libpq's way to name a unix socket is `?host=/folder`. Of several servers, `host1:port,host2:port`, the one that takes
 * writes is meant: after a failover that is another one.
 */
export function postgresAddress(address: string): PostgresAddress {
  const [, before = '', list] = several.exec(address) ?? []
  if (list !== undefined) {
    const servers = list.split(',').map((each) => serverAt(new URL(`postgres://${each}`)))
    const url = address.replace(several, `${before}${list.split(',')[0]}`)
    return {
      url,
      askPrimary: (ask) => askAgain(ask, servers.length),
      socket: toPrimary(servers),
      target_session_attrs: 'primary',
    }
  }
  const url = new URL(address)
  const server = serverAt(url)
  // postgres.js would send it to the server as a setting.
  url.searchParams.delete('host')
  return { url: url.href, askPrimary: (ask) => ask(), socket: () => connectTo(server) }
}

function serverAt(url: URL): Server {
  const port = Number(url.port || 5432)
  const host = url.searchParams.get('host') ?? url.hostname
  return host.startsWith('/')
    ? { path: `${host}/.s.PGSQL.${port}`, port }
    : { host: host.replace(/^\[|\]$/g, '') || 'localhost', port }
}

function connectTo(server: Server): Socket {
  // postgres.js asks a socket for its host, for the name in a certificate.
  const socket = Object.assign(new Socket().setNoDelay(), server)
  // Not before postgres.js listens: a name that is known to be wrong fails at once.
  setImmediate(() => {
    if (!socket.destroyed) socket.connect(server)
  })
  return socket
}

// postgres.js ends a connection like this before its first query when the server is not the one that is wanted.
const isUnsent = (error: unknown): boolean =>
  error instanceof Error &&
  (Reflect.get(error, 'code') === 'CONNECTION_DESTROYED' ||
    (error.cause !== undefined && isUnsent(error.cause)))

async function askAgain<T>(ask: () => Promise<T>, servers: number): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      if (tries >= servers || !isUnsent(error)) throw error
    }
  }
}

/**
 * Connects to the server that was the primary last; to the next one after each that cannot be reached or is a standby.
 * postgres.js goes through a list by itself, but a query waits there until a primary is found, and a write that was long
 * given up is then carried out (3.4.9). With one server at a time a query fails with its connection.
 */
function toPrimary(servers: readonly Server[]): () => Socket {
  let current = 0
  return () => {
    const tried = current
    const next = (): void => {
      if (current === tried) current = (tried + 1) % servers.length
    }
    const socket = connectTo(servers[tried] as Server)
    socket.once('error', next)
    let said = ''
    const listen = (bytes: Buffer): void => {
      // Told once, before the first query (PostgreSQL 14 and later).
      said += bytes.toString('latin1')
      const [, answer] = /in_hot_standby\0(on|off)\0/.exec(said) ?? []
      if (answer === 'on') next()
      if (answer !== undefined || said.length > 16_384) socket.off('data', listen)
    }
    socket.on('data', listen)
    return socket
  }
}
