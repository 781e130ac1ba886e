/** Reads JSON bodies; refuses nesting that no honest client sends before anything walks down it. */

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
    parse(request, text, done)
  })
}

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
