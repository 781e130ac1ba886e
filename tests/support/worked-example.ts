/** The code of docs/adding-a-resource.md, and a copy of the tree it is put into. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Scope } from './scope.ts'

const root = join(import.meta.dirname, '..', '..')

export interface CodeBlock {
  readonly path: string
  readonly language: string
  readonly code: string
}

/** The blocks that stand below the name of their file, in the order of the page. */
export function blocksOf(page: string): CodeBlock[] {
  const block = /^`([^`\n]+)`\n\n```(\w+)\n(.*?)^```$/gms
  return [...page.matchAll(block)].map(([, path = '', language = '', code = '']) => ({
    path,
    language,
    code,
  }))
}

/** `text` after a diff without line numbers: `+` goes behind the line before it. @throws where another line is not there, or twice. */
function patched(text: string, diff: string): string {
  const lines = text.split('\n')
  let at = -1
  for (const line of diff.split('\n').filter((line) => line !== '')) {
    const [sign, rest] = [line[0], line.slice(1)]
    if (sign === '+') lines.splice(++at, 0, rest)
    else {
      at = lines.indexOf(rest)
      if (at === -1 || lines.lastIndexOf(rest) !== at) throw new Error(`not once in the file: ${rest}`)
      if (sign === '-') lines.splice(at--, 1)
    }
  }
  return lines.join('\n')
}

export const linesAdded = (blocks: readonly CodeBlock[]): number =>
  blocks.flatMap(({ language, code }) =>
    code
      .trimEnd()
      .split('\n')
      .filter((line) => language !== 'diff' || line.startsWith('+')),
  ).length

/** Resolves with the folder of a copy of the application in which the blocks are applied. */
export function copyWith(t: Scope, blocks: readonly CodeBlock[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-worked-example-'))
  t.teardown(() => rmSync(copy, { recursive: true, force: true }))
  for (const part of [
    'app',
    'nginx',
    'redis',
    'scripts',
    'package.json',
    'tsconfig.json',
    'biome.json',
    'tests/support',
    'tests/load',
  ] as const) {
    cpSync(join(root, part), join(copy, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const { path, language, code } of blocks) {
    const file = join(copy, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, language === 'diff' ? patched(readFileSync(file, 'utf8'), code) : code)
  }
  return copy
}
