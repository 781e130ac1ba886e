/** Where a PostgreSQL server keeps its files, and as whom it runs. */

import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs'
import { EngineError } from './engine-error.ts'
import type { OsUser } from './process.ts'
import { makePrivate, outsideFolder, socketFolder } from './sockets.ts'

export interface PostgresHome {
  readonly data: string
  readonly sockets: string
  /** PostgreSQL refuses to run as root; then it runs as the user its package made. */
  readonly user: OsUser | undefined
}

export function postgresHome(directory: string, socketDirectory: string): PostgresHome {
  if (process.getuid?.() !== 0) {
    const sockets = socketFolder(socketDirectory)
    for (const folder of [directory, sockets]) makePrivate(folder)
    return { data: directory, sockets, user: undefined }
  }
  const user = osUser('postgres')
  return {
    data: ownedFolder(directory, outsideFolder(directory), user),
    sockets: ownedFolder(socketFolder(socketDirectory), outsideFolder(socketDirectory), user),
    user,
  }
}

/**
 * `folder`, made private to `user`; or `outside` when `user` cannot get there: a clone under /root is closed to
 * everyone else, and opening it up is not ours to do.
 */
function ownedFolder(folder: string, outside: string, user: OsUser): string {
  // Data that once moved out stays there, also when the way in has been opened since.
  for (const candidate of existsSync(outside) ? [outside] : [folder, outside]) {
    mkdirSync(candidate, { recursive: true, mode: 0o755 })
    chownSync(candidate, user.uid, user.gid)
    chmodSync(candidate, 0o700)
    if (!canEnter(candidate, user)) continue
    if (candidate === outside) announceOnce(folder, outside)
    return candidate
  }
  throw new EngineError(`${folder} and ${outside} are both closed to the user postgres: move the clone`)
}

const canEnter = (folder: string, user: OsUser): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1" && [ -w . ]', 'sh', folder], { cwd: '/', ...user }).status === 0

const announced = new Set<string>()
function announceOnce(folder: string, outside: string): void {
  if (announced.has(folder)) return
  announced.add(folder)
  process.stderr.write(`${folder} is closed to the user postgres; using ${outside} instead\n`)
}

function osUser(name: string): OsUser {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : undefined
  })
  if (uid === undefined || gid === undefined) {
    throw new EngineError(`PostgreSQL does not run as root and there is no user ${name}: useradd -r ${name}`)
  }
  return { uid, gid }
}
