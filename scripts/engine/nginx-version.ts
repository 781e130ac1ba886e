/** What this machine's nginx can do: some directives are younger than the nginx of a stable distribution. */

import { spawnSync } from 'node:child_process'
import { locate } from './binaries.ts'

type Version = readonly [major: number, minor: number, patch: number]

let installed: Version | undefined

/** False where no nginx is installed. */
export function nginxIsAtLeast(wanted: Version): boolean {
  installed ??= versionIn(said())
  return isAtLeast(installed, wanted)
}

function said(): string {
  const program = locate('nginx')
  return program === undefined ? '' : spawnSync(program, ['-v'], { encoding: 'utf8' }).stderr
}

/** Of `nginx version: nginx/1.22.1`. */
export function versionIn(text: string): Version {
  const [, major = 0, minor = 0, patch = 0] = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []
  return [Number(major), Number(minor), Number(patch)]
}

export function isAtLeast(version: Version, wanted: Version): boolean {
  const different = version.findIndex((part, index) => part !== wanted[index])
  return different === -1 || (version[different] ?? 0) > (wanted[different] ?? 0)
}
