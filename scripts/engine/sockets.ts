/** Unix sockets: short enough folders for them, and asking whether something listens. */

import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from './engine-error.ts'

// The kernel keeps 108 bytes for the path (104 on macOS) and the longest name we put into the folder is 20.
const longestFolder = 80

/** `folder` itself, or a private stand-in outside when socket paths in it would be too long. */
export function socketFolder(folder: string): string {
  const chosen = Buffer.byteLength(folder) <= longestFolder ? folder : outsideFolder(folder)
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  return chosen
}

/** A folder outside the clone for what cannot stay in `folder`: the same one each time. */
export function outsideFolder(folder: string): string {
  const name = `sluice-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`
  if (process.getuid?.() === 0) return join('/var/lib/sluice', name)
  const path = join(tmpdir(), name)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  // Everybody may write to the temporary folder, so the name may be someone else's trap.
  const found = lstatSync(path)
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new EngineError(`${path} belongs to someone else: remove it`)
  }
  return path
}

/** Connects, sends `question`, and says whether the first bytes of the answer satisfy `isAnswer`. */
export function asks(
  target: NetConnectOpts,
  question: string | Buffer,
  isAnswer: (answer: string) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target)
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, () => settle(false))
    socket.on('error', () => settle(false))
    socket.on('close', () => settle(false))
    socket.on('connect', () => socket.write(question))
    socket.on('data', (bytes) => settle(isAnswer(bytes.toString())))
  })
}
