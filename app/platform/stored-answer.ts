/**
 * An answer as the shared cache holds it: one line of text, then the bytes as they are sent, so that nobody parses JSON.
 * `1 guard freshUntil loadMs etag next\n` with wall clock milliseconds; an empty etag says "does not exist".
 * `redis/scripts/cache-read.lua` reads the first three.
 */

import type { Fill, StoredRead } from '#kernel/cache/cache.ts'
import { type Body, bodyOf } from '#kernel/representation.ts'

const LINE_FEED = 10
const FORMAT = '1'

/** `guard`: the versions of its tags. */
export function encodeAnswer(guard: string, { value, ttlMs, loadMs }: Fill, wallMs: number): Body {
  const times = `${Math.round(wallMs + ttlMs)} ${loadMs.toFixed(1)}`
  const names = `${encodeURIComponent(value?.etag ?? '')} ${encodeURIComponent(value?.next ?? '')}`
  const header = `${FORMAT} ${guard} ${times} ${names}\n`
  const { body = '' } = value ?? {}
  return typeof body === 'string' ? header + body : Buffer.concat([Buffer.from(header), body])
}

/** Whether these bytes are an answer, of this format. */
export const isAnswer = (bytes: Buffer): boolean => bytes[0] === FORMAT.charCodeAt(0) && bytes[1] === 32

export const guardOf = (bytes: Buffer): string | undefined =>
  isAnswer(bytes) ? bytes.toString('latin1', 2, bytes.indexOf(' ', 2)) : undefined

export function decodeAnswer(bytes: Buffer, wallMs: number): StoredRead {
  const end = bytes.indexOf(LINE_FEED)
  const [, , freshUntil, loadMs, etag, next] = bytes.toString('latin1', 0, end).split(' ')
  const times = { freshForMs: Number(freshUntil) - wallMs, loadMs: Number(loadMs) }
  if (!etag) return { value: undefined, ...times }
  const value = { body: bodyOf(bytes.subarray(end + 1)), etag: decodeURIComponent(etag) }
  return { value: next ? { ...value, next: decodeURIComponent(next) } : value, ...times }
}
