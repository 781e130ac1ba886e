/** Which code a replica runs: the clone as it lies here, or a commit unpacked beside it. A link for each replica says it. */

import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { EngineError } from './engine-error.ts'
import { type Layout, root } from './layout.ts'

const releases = (layout: Layout): string => join(layout.state, 'releases')
const linkOf = (layout: Layout, name: string): string => join(releases(layout), name)

/** The folder whose code `name` starts with; the clone itself unless another was chosen and is still there. */
export function releaseOf(layout: Layout, name: string): string {
  const link = linkOf(layout, name)
  return existsSync(link) ? realpathSync(link) : root
}

/** Takes effect at the next start of `name`. */
export function chooseRelease(layout: Layout, name: string, folder: string): void {
  mkdirSync(releases(layout), { recursive: true })
  // Renamed over the old link: a replica that starts at this moment finds one or the other.
  const next = join(releases(layout), `${name}.next`)
  rmSync(next, { force: true })
  symlinkSync(folder, next)
  renameSync(next, linkOf(layout, name))
}

/** The code of a commit, unpacked once, ready to run or to be built from. @throws {EngineError} when there is no such commit */
export function unpack(layout: Layout, ref: string, use: 'run' | 'build' = 'run'): string {
  const commit = read(
    'git',
    ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`],
    `RELEASE=${ref}: no such commit`,
  )
  const name = commit.toString().trim().slice(0, 12)
  const folder = join(releases(layout), use === 'run' ? name : `${name}-source`)
  if (existsSync(folder)) return folder
  mkdirSync(releases(layout), { recursive: true })
  const unfinished = mkdtempSync(join(releases(layout), 'unpacking-'))
  const archive = read('git', ['archive', commit.toString().trim()], `RELEASE=${ref} cannot be read`)
  read('tar', ['-x', '-C', unfinished], `RELEASE=${ref} cannot be unpacked`, archive)
  if (use === 'run') bringPackages(unfinished)
  renameSync(unfinished, folder)
  return folder
}

/** The clone's packages where they are the ones this release asks for, else its own. */
function bringPackages(folder: string): void {
  const lockOf = (where: string): string => readFileSync(join(where, 'package-lock.json'), 'utf8')
  if (lockOf(folder) === lockOf(root)) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  else read('npm', ['ci', '--prefix', folder, '--omit=dev', '--ignore-scripts'], 'npm ci failed')
}

function read(program: string, args: readonly string[], problem: string, input?: Buffer): Buffer {
  const { status, stdout } = spawnSync(program, args, { cwd: root, input, maxBuffer: 512 * 1024 * 1024 })
  if (status !== 0) throw new EngineError(problem)
  return stdout
}
