/** Where a page ended: the sort and the last row's sort value and id, opaque to clients. Keyset, so pages never shift. */

import { AppError } from './errors.ts'

/** Things on one page at most. */
export const mostOnAPage = 100

export interface Cursor {
  readonly sort: string
  readonly value: string | number
  readonly id: number
}

export const encodeCursor = ({ sort, value, id }: Cursor): string =>
  Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')

/** @throws {AppError} `bad_cursor` for text that is not ours or was made for another sort. */
export function decodeCursor(text: string, sort: string): Cursor {
  const parts = parse(text)
  if (!Array.isArray(parts) || parts.length !== 3) throw badCursor()
  const [madeFor, value, id] = parts as unknown[]
  const isValue = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
  if (madeFor !== sort || !isValue || !Number.isSafeInteger(id)) throw badCursor()
  return { sort, value, id: id as number }
}

export const badCursor = (): AppError =>
  new AppError('bad_cursor', { detail: 'Take the cursor from nextCursor, with the same sort.' })

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}
