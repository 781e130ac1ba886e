/** The least version of each program that our code and files work with, and what asks for it. */

import type { Finding } from './finding.ts'

export type Program = keyof typeof least

export const least = {
  // Type stripping without a warning; package.json and scripts/bootstrap.sh say the same.
  node: '24.12',
  // `-e`, the error log before the configuration is read.
  nginx: '1.19.5',
  // GETEX in the scripts of the cache.
  'redis-server': '6.2',
  // Says at the start of a session whether it is a standby.
  postgres: '14',
} as const

/** The first thing in a program's words that looks like a version. */
const versionIn = (words: string): string | undefined => /\d+(\.\d+)*/.exec(words)?.[0]

export function isAtLeast(version: string, wanted: string): boolean {
  const [has, needs] = [version, wanted].map((text) => text.split('.').map(Number)) as [number[], number[]]
  const differing = needs.findIndex((part, index) => (has[index] ?? 0) !== part)
  return differing === -1 || (has[differing] ?? 0) > (needs[differing] ?? 0)
}

/** Judges what a program said of its version. */
export function judgeVersion(program: Program, words: string, fact: string): Finding {
  const version = versionIn(words)
  if (version !== undefined && isAtLeast(version, least[program])) return { subject: program, fact }
  const fix = `install ${program} ${least[program]} or later${program === 'node' ? ', or run it by make' : ''}`
  return { subject: program, fact, fix }
}
