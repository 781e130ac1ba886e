/** Log lines arrive whole and in their order; what finds no room is dropped and counted, never cut. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { lineWriter } from '#platform/line-writer.ts'
import { eventually } from '#tests/support/eventually.ts'

const folder = (t: Test): string => {
  const made = mkdtempSync(join(tmpdir(), 'sluice-lines-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const file = (t: Test) => {
  const path = join(folder(t), 'log')
  const fd = openSync(path, 'w')
  t.teardown(() => closeSync(fd))
  return { fd, lines: () => readFileSync(path, 'utf8').split('\n').slice(0, -1) }
}

/** A pipe that nobody empties until the test does; writing to it when it is full says EAGAIN. */
async function pipe(t: Test) {
  const path = join(folder(t), 'pipe')
  const [code] = await once(spawn('mkfifo', [path]), 'exit')
  t.equal(code, 0)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  t.teardown(() => {
    closeSync(fd)
    closeSync(reader)
  })
  const buffer = Buffer.alloc(1 << 20)
  let text = ''
  return {
    fd,
    /** Takes out what is in it now, and gives all that came so far. */
    read: (): string => {
      try {
        for (let got = -1; got !== 0; ) {
          got = readSync(reader, buffer, 0, buffer.length, null)
          text += buffer.toString('utf8', 0, got)
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      }
      return text
    },
  }
}

const line = (n: number): string => `${n} ${'é€😀'.repeat(n % 7)}`

t.test('lines of any length and alphabet arrive in their order', async (t) => {
  const { fd, lines } = file(t)
  const writer = lineWriter(fd, { bytes: 4_096, everyMs: 5 })
  for (let n = 0; n < 2_000; n++) {
    writer.write(`${line(n)}\n`)
    // The disk is given a chance now and then, as the loop of a server gives it.
    if (n % 40 === 39) await eventually(t, () => lines().length > n - 40)
  }
  await writer.close()
  t.equal(writer.dropped(), 0)
  t.strictSame(
    lines(),
    Array.from({ length: 2_000 }, (_, n) => line(n)),
  )
})

t.test('a disk that does not keep up costs lines, which are counted, and none is cut', async (t) => {
  const { fd, read } = await pipe(t)
  const writer = lineWriter(fd, { bytes: 128 * 1024, everyMs: 5 })
  const count = 20_000
  for (let n = 0; n < count; n++) {
    writer.write(`${n} ${'x'.repeat(40)}\n`)
    if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  t.ok(writer.dropped() > 0, `${writer.dropped()} found no room`)
  const kept = count - writer.dropped()
  const text = await eventually<string | undefined>(t, () => {
    const seen = read()
    return seen.split('\n').length > kept ? seen : undefined
  })
  const lines = String(text).split('\n').slice(0, -1)
  t.equal(lines.length, kept, 'each was written once or dropped')
  t.ok(
    lines.every((each) => /^\d+ x{40}$/.test(each)),
    'none is cut',
  )
  const numbers = lines.map((each) => Number.parseInt(each, 10))
  t.strictSame(
    numbers,
    [...numbers].sort((a, b) => a - b),
    'none overtook another',
  )
})

t.test('what is left is written at the end, also what was on its way', async (t) => {
  const { fd, lines } = file(t)
  const writer = lineWriter(fd, { bytes: 1_024, everyMs: 60_000 })
  writer.write('nothing is written yet\n')
  t.strictSame(lines(), [])
  for (let n = 0; n < 15; n++) writer.write(`${'y'.repeat(50)}\n`)
  await writer.close()
  t.strictSame(lines(), ['nothing is written yet', ...Array.from({ length: 15 }, () => 'y'.repeat(50))])
})

t.test('a line larger than the buffer is dropped, and the next one is not', async (t) => {
  const { fd, lines } = file(t)
  const writer = lineWriter(fd, { bytes: 300, everyMs: 60_000 })
  writer.write(`${'z'.repeat(400)}\n`)
  writer.write('after\n')
  await writer.close()
  t.equal(writer.dropped(), 1)
  t.strictSame(lines(), ['after'])
})

t.test('a disk that fails loses lines, which are counted, and nothing else', async (t) => {
  const path = join(folder(t), 'read-only')
  closeSync(openSync(path, 'w'))
  const fd = openSync(path, 'r')
  t.teardown(() => closeSync(fd))
  const writer = lineWriter(fd, { bytes: 300, everyMs: 5 })
  writer.write(`${'x'.repeat(60)}\n`)
  writer.write(`${'y'.repeat(60)}\n`)
  await eventually(t, () => writer.dropped() === 2)
  writer.write('at the end\n')
  await writer.close()
  t.equal(writer.dropped(), 3)
  t.equal(readFileSync(path, 'utf8'), '')
})

t.test('a reader that stands still does not keep the process for ever', async (t) => {
  const { fd, read } = await pipe(t)
  const writer = lineWriter(fd, { bytes: 512 * 1024, everyMs: 60_000 })
  for (let n = 0; n < 5_000; n++) writer.write(`${n} ${'x'.repeat(40)}\n`)
  await writer.close()
  const written = read().split('\n').length - 1
  t.match(read(), /^0 x{40}\n1 x/, 'what fitted into the pipe is there')
  t.equal(written + writer.dropped(), 5_000, 'the others are counted')
})
