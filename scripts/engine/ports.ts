/** Whether a port can be had, and if not, who has it. */

import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename } from 'node:path'
import { EngineError } from './engine-error.ts'

/** @returns why nobody can listen there, or undefined */
export async function obstacleAt(port: number, host = '127.0.0.1'): Promise<string | undefined> {
  const server = createServer()
  try {
    server.listen({ port, host, exclusive: true })
    await once(server, 'listening')
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EACCES') return 'may not be opened by an ordinary user'
    return `is taken${holder(port)}`
  } finally {
    server.close()
  }
}

/** @throws {EngineError} naming the first port that cannot be had, who has it and what to do */
export async function requirePorts(wanted: ReadonlyMap<string, number>, portBase: number): Promise<void> {
  for (const [name, port] of wanted) {
    const obstacle = await obstacleAt(port)
    if (obstacle === undefined) continue
    throw new EngineError(
      `port ${port} for ${name} ${obstacle}: end that, or move all of ours with PORT_BASE=${portBase === 0 ? 22_000 : portBase + 1_000} (in .env or the environment)`,
    )
  }
}

/** ` by nginx (pid 7)`, as far as we may know. */
function holder(port: number): string {
  try {
    const inode = listeningInode(port)
    if (inode === undefined) return ''
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (!holds(pid, inode)) continue
      const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/)
      return ` by ${basename(program).replace(/:$/, '')} (pid ${pid})`
    }
  } catch {
    // Not Linux, or not ours to see.
  }
  return ''
}

function listeningInode(port: number): string | undefined {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0')
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (local?.endsWith(`:${hexadecimal}`) && state === '0A') return inode
    }
  }
  return undefined
}

function holds(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`) === `socket:[${inode}]`,
    )
  } catch {
    return false
  }
}
