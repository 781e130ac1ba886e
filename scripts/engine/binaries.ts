/** Where the programs of this machine are: PATH first, then the folders in which packages hide theirs. */

import { accessSync, constants, readdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { EngineError } from './engine-error.ts'

const subfolders = (parent: string, ...inside: string[]): string[] => {
  try {
    return readdirSync(parent)
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((version) => join(parent, version, ...inside))
  } catch {
    return []
  }
}

// Debian keeps server programs off PATH so that several major versions can live side by side.
const hidden = (): string[] => [
  ...subfolders('/usr/lib/postgresql', 'bin'),
  ...subfolders('/usr/libexec').filter((folder) => folder.includes('postgresql')),
  ...subfolders('/opt/homebrew/opt', 'bin').filter((folder) => folder.includes('postgresql')),
  ...subfolders('/usr/local/opt', 'bin').filter((folder) => folder.includes('postgresql')),
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
]

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The full path of a program, or undefined. */
export const locate = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), ...hidden()]
    .map((folder) => join(folder, name))
    .find(isExecutable)

/** The full path of a program. @throws {EngineError} saying how to install it. */
export function findBinary(name: string): string {
  const path = locate(name)
  if (path === undefined) throw new EngineError(`${name} is not installed: run scripts/bootstrap.sh`)
  return path
}

/**
 * The PostgreSQL programs of one version: initdb and postgres from different versions refuse each other's files.
 * `postgres` decides, because Debian's `initdb` is never on PATH while `psql` always is.
 */
export function findPostgresBinary(
  name: 'initdb' | 'postgres' | 'pg_isready' | 'pg_basebackup' | 'pg_dump' | 'pg_restore' | 'psql',
): string {
  const server = realpathSync(findBinary('postgres'))
  const sibling = join(server, '..', name)
  return isExecutable(sibling) ? sibling : findBinary(name)
}
