/**
 * An answer as the shared cache holds it: one line of text, then the bytes as they are sent, so that nobody parses JSON.
 * `1 guard storedAt freshUntil loadMs etag next\n` with wall clock milliseconds; an empty etag says "does not exist".
 */

import type { Fill, StoredRead } from '#kernel/cache/cache.ts'

const LINE_FEED = 10
const FORMAT = '1'

export function encodeAnswer(guard: string, { value, ttlMs, loadMs }: Fill, wallMs: number): Buffer {
  const times = `${Math.round(wallMs + ttlMs)} ${loadMs.toFixed(1)}`
  const names = `${encodeURIComponent(value?.etag ?? '')} ${encodeURIComponent(value?.next ?? '')}`
  const header = Buffer.from(`${FORMAT} ${guard} ${times} ${names}\n`)
  return value === undefined ? header : Buffer.concat([header, value.body])
}

/** `undefined` when a tag has another version than when it was stored, or the bytes are of another format. */
export function decodeAnswer(bytes: Buffer, guard: string, wallMs: number): StoredRead | undefined {
  const end = bytes.indexOf(LINE_FEED)
  const [format, storedGuard, freshUntil, loadMs, etag, next] = bytes.toString('latin1', 0, end).split(' ')
  if (format !== FORMAT || storedGuard !== guard) return undefined
  const times = { freshForMs: Number(freshUntil) - wallMs, loadMs: Number(loadMs) }
  if (!etag) return { value: undefined, ...times }
  const value = { body: bytes.subarray(end + 1), etag: decodeURIComponent(etag) }
  return { value: next ? { ...value, next: decodeURIComponent(next) } : value, ...times }
}
