/** The groups of tests, in the order in which they run, and how each runs. */

import { globSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { root } from '#scripts/engine/layout.ts'

export interface Group {
  readonly name: string
  readonly pattern: string
  /** What its files need before they start. */
  readonly needs: 'nothing' | 'infrastructure' | 'stack'
}

/** Files of groups that share no stack run beside each other; the stack has one owner at a time. */
export const groups: readonly Group[] = [
  { name: 'architecture', pattern: 'tests/*.test.ts', needs: 'nothing' },
  { name: 'unit', pattern: 'tests/unit/**/*.test.ts', needs: 'nothing' },
  { name: 'contracts', pattern: 'tests/contracts/**/*.test.ts', needs: 'infrastructure' },
  { name: 'integration', pattern: 'tests/integration/**/*.test.ts', needs: 'infrastructure' },
  { name: 'security', pattern: 'tests/security/**/*.test.ts', needs: 'infrastructure' },
  { name: 'system', pattern: 'tests/system/**/*.test.ts', needs: 'stack' },
  { name: 'browser', pattern: 'tests/browser/**/*.test.ts', needs: 'stack' },
]

export interface Plan {
  /** Run beside each other. */
  readonly parallel: readonly string[]
  /** Run one after the other, on a whole system. */
  readonly system: readonly string[]
  readonly needsInfrastructure: boolean
}

/** The files that `names` (groups, files or folders) mean; without names, all. @throws {Error} naming what matches nothing. */
export function plan(
  names: readonly string[],
  filesOf = (pattern: string): string[] => globSync(pattern, { cwd: root }),
): Plan {
  const chosen = names.length === 0 ? groups.map((group) => group.name) : names
  const files = chosen.flatMap((name) => {
    const group = groups.find((candidate) => candidate.name === name)
    const path = relative(root, resolve(name))
    const patterns = group ? [group.pattern] : [path, `${path}/**/*.test.ts`]
    const found = patterns.flatMap(filesOf).filter((file) => file.endsWith('.test.ts'))
    if (found.length === 0 && (!group || names.length > 0)) throw new Error(`no test file matches ${name}`)
    return found
  })
  const unique = [...new Set(files)].sort()
  const isOf = (file: string, needs: Group['needs']) =>
    groups.some((group) => group.needs === needs && file.startsWith(folderOf(group)))
  const system = unique.filter((file) => isOf(file, 'stack'))
  return {
    parallel: unique.filter((file) => !system.includes(file)),
    system,
    needsInfrastructure: unique.some((file) => isOf(file, 'infrastructure')),
  }
}

const folderOf = (group: Group): string => group.pattern.replace(/\*.*$/, '')
