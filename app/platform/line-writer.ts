/**
 * Writes log lines through two preallocated buffers: one is filled while the other is on its way to the disk. A slow
 * disk never blocks the loop: when both are full, lines are dropped and counted. At the end what is left is written too.
 */

import { write, writeSync } from 'node:fs'

export interface LineWriter {
  /** `line` ends with a newline. */
  write(line: string): void
  /** Lines that found no room, or that the disk refused, since the start. */
  dropped(): number
  /** Resolves when what was left is written, or was given up on: a reader that stands still does not keep the process. */
  close(): Promise<void>
}

export function lineWriter(fd: number, { bytes = 256 * 1024, everyMs = 1_000 } = {}): LineWriter {
  let filling: Buffer = Buffer.allocUnsafe(bytes)
  let spare: Buffer | undefined = Buffer.allocUnsafe(bytes)
  let used = 0
  let lost = 0
  /** What is on its way, and whether it is with the operating system at the moment: then nobody may write it again. */
  let sending: { buffer: Buffer; from: number; to: number; isWriting: boolean } | undefined
  let finish: (() => void) | undefined

  const flush = (): void => {
    if (sending || used === 0 || !spare) return
    sending = { buffer: filling, from: 0, to: used, isWriting: false }
    filling = spare
    spare = undefined
    used = 0
    send()
  }

  const send = (): void => {
    if (!sending || finish) return
    const { buffer, from, to } = sending
    sending.isWriting = true
    write(fd, buffer, from, to - from, null, (error, written) => {
      if (!sending) return
      sending.isWriting = false
      // A pipe that is full says EAGAIN: the rest goes a little later. Any other error: these lines are lost.
      const isFull = error?.code === 'EAGAIN'
      if (error && !isFull) lost += linesIn(buffer.subarray(from, to))
      if (!isFull) sending.from = error ? to : from + written
      if (finish) finish()
      else if (isFull) setTimeout(send, 10).unref()
      else if (sending.from < to) send()
      else {
        spare = sending.buffer
        sending = undefined
        if (used > bytes / 2) flush()
      }
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
    close: () =>
      new Promise((resolve) => {
        finish = () => {
          const left = [sending?.buffer.subarray(sending.from, sending.to), filling.subarray(0, used)]
          for (const bytes of left) if (bytes) lost += linesIn(bytes.subarray(writeAll(fd, bytes)))
          sending = undefined
          used = 0
          resolve()
        }
        if (!sending?.isWriting) finish()
      }),
  }
}

/** One that was begun counts: its end is missing. */
function linesIn(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === 10) count += 1
  return count
}

const triesAtEnd = 200
const betweenTriesMs = 5

/** How much of it was written. */
function writeAll(fd: number, bytes: Buffer): number {
  let triesLeft = triesAtEnd
  let from = 0
  while (from < bytes.length && triesLeft > 0) {
    try {
      from += writeSync(fd, bytes, from)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return from
      triesLeft--
      Atomics.wait(neverWoken, 0, 0, betweenTriesMs)
    }
  }
  return from
}

// Nobody ever wakes it: waiting on it is sleeping.
const neverWoken = new Int32Array(new SharedArrayBuffer(4))
