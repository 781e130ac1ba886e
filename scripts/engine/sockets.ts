/** Unix sockets: short enough folders for them, and asking whether something listens. */

import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from './engine-error.ts'

// The kernel keeps 108 bytes for the path (104 on macOS) and the longest name we put into the folder is 20.
const longestFolder = 80

/** `folder` itself, or its stand-in outside when socket paths in it would be too long. Makes neither. */
export const socketFolder = (folder: string): string =>
  Buffer.byteLength(folder) <= longestFolder ? folder : outsideFolder(folder)

/** A folder outside the clone for what cannot stay in `folder`: the same one each time. */
export function outsideFolder(folder: string): string {
  const name = `sluice-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`
  return join(process.getuid?.() === 0 ? '/var/lib/sluice' : tmpdir(), name)
}

/** Makes a folder that is closed to others. @throws {EngineError} when it is somebody else's */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // Everybody may write to the temporary folder, so the name may be someone else's trap.
  const found = lstatSync(folder)
  if (!found.isDirectory() || (process.getuid?.() !== 0 && found.uid !== process.getuid?.())) {
    throw new EngineError(`${folder} belongs to someone else: remove it`)
  }
  chmodSync(folder, 0o700)
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
