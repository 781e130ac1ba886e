/** Reads JSON bodies; refuses nesting that no honest client sends before anything walks down it, and text that is none. */

import type { FastifyInstance } from 'fastify'
import { AppError } from '#kernel/errors.ts'

const maxDepth = 32

export function jsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body)
    if (depthOf(text) > maxDepth) {
      done(
        new AppError('validation_failed', { detail: `The body is nested deeper than ${maxDepth} levels.` }),
      )
      return
    }
    parse(request, text, (error, value) => {
      const path = error === null && suspicious.test(text) ? unstorable(value, []) : undefined
      done(path === undefined ? error : notText(path), value)
    })
  })
}

// Text in Postgres holds no NUL, and UTF-8 no half of a surrogate pair. In JSON both can only come as an escape.
const suspicious = /\\u(?:0000|d[89a-f])/i

/** Where `value` holds text that cannot be stored; undefined for nowhere. */
export function unstorable(value: unknown, path: readonly string[]): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path.join('.')
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    const found = isStorable(name) ? unstorable(member, [...path, name]) : path.join('.')
    if (found !== undefined) return found
  }
  return undefined
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

const notText = (path: string): AppError =>
  new AppError('validation_failed', {
    detail: 'The body holds a character that is none.',
    fields: [{ path, message: 'must be text without NUL and halves of surrogate pairs' }],
  })

/** Deepest nesting of brackets outside of strings; one pass, no recursion. */
export function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index)
    if (isInString) {
      if (character === 0x5c) index++
      else if (character === 0x22) isInString = false
    } else if (character === 0x22) isInString = true
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (character === 0x7d || character === 0x5d) depth--
  }
  return deepest
}
