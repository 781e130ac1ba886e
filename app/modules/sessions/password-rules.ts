/** What a new password may be: long, and not one that is tried first. No rules about kinds of characters (NIST SP 800-63B). */

import { AppError } from '#kernel/errors.ts'
import { commonPasswords } from './common-passwords.ts'

/** @throws {AppError} `validation_failed`, saying why; `path` is the member that held it. */
export function mustBeGoodPassword(password: string, path: string, person: readonly string[]): void {
  const problem = problemOf(password, person)
  if (problem === undefined) return
  throw new AppError('validation_failed', {
    detail: 'This password is too easy to guess.',
    fields: [{ path, message: problem }],
  })
}

function problemOf(password: string, person: readonly string[]): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase()
  // Counted as a person counts: an emoji is one character.
  if ([...password].length < 12) return 'must have at least 12 characters'
  if (new Set(plain).size < 4) return 'repeats too few characters'
  if (isCommon(plain)) return 'is one of the most used passwords'
  if (person.some((part) => part.length > 3 && plain === part.toLowerCase())) return 'is your name or address'
  return undefined
}

// Common ones are short: people reach twelve by repeating them, or with digits and marks at the end.
function isCommon(plain: string): boolean {
  const core = plain.replace(/[\d\W_]+$/u, '')
  return [plain, core, unrepeated(plain)].some((candidate) => commonPasswords.has(candidate))
}

/** `abcabc` is `abc`. */
function unrepeated(text: string): string {
  const period = (text + text).indexOf(text, 1)
  return text.slice(0, period)
}
