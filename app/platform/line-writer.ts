/**
 * Writes log lines through two preallocated buffers: one is filled while the other is on its way to the disk. A slow
 * disk never blocks the loop: when both are full, lines are dropped and counted. At exit what is left is written at once.
 */

import { write, writeSync } from 'node:fs'

export interface LineWriter {
  /** `line` ends with a newline. */
  write(line: string): void
  /** Lines that found no room since the start. */
  dropped(): number
  /** Writes what is left, blocking: for the last moment of the process. */
  flushSync(): void
}

export function lineWriter(fd: number, { bytes = 256 * 1024, everyMs = 1_000 } = {}): LineWriter {
  let filling: Buffer = Buffer.allocUnsafe(bytes)
  let spare: Buffer | undefined = Buffer.allocUnsafe(bytes)
  let used = 0
  let lost = 0
  /** What is with the operating system at the moment. */
  let sending: { buffer: Buffer; from: number; to: number } | undefined

  const flush = (): void => {
    if (sending || used === 0 || !spare) return
    sending = { buffer: filling, from: 0, to: used }
    filling = spare
    spare = undefined
    used = 0
    send()
  }

  const send = (): void => {
    if (!sending) return
    const { buffer, from, to } = sending
    write(fd, buffer, from, to - from, null, (error, written) => {
      if (!sending) return
      // A pipe that is full says EAGAIN: the rest goes a little later. Any other error: these lines are lost.
      if (error && error.code === 'EAGAIN') {
        setTimeout(send, 10).unref()
        return
      }
      sending.from = error ? to : from + written
      if (sending.from < to) {
        send()
        return
      }
      spare = sending.buffer
      sending = undefined
      if (used > bytes / 2) flush()
    })
  }

  setInterval(flush, everyMs).unref()

  return {
    write(line) {
      // No character of UTF-16 takes more than three bytes of UTF-8.
      if (used + line.length * 3 > bytes) flush()
      if (used + line.length * 3 > bytes) {
        lost++
        return
      }
      used += filling.write(line, used)
      if (used > bytes / 2) flush()
    },
    dropped: () => lost,
    flushSync() {
      if (sending) writeAll(fd, sending.buffer.subarray(sending.from, sending.to))
      sending = undefined
      writeAll(fd, filling.subarray(0, used))
      used = 0
    },
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) {
    try {
      from += writeSync(fd, bytes, from)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
    }
  }
}
