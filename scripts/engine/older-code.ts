/** Which processes of a native stack run with older code than lies in the clone: files that changed after they began. */

import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './layout.ts'
import type { NativeStack } from './native.ts'
import { replicaNames } from './process-table.ts'
import { releaseOf } from './releases.ts'

const ofReplicas = [
  'app/*.ts',
  'app/{kernel,platform,http,modules}/**/*',
  'redis/scripts/*',
  'package-lock.json',
]
const ofSupervisor = ['scripts/supervisor.ts', 'scripts/{engine,settings}/**/*', 'app/config.ts']

/** Whether one of the files was written after the pid file was, which is when the process began. */
export function isOlder(pidFile: string, files: readonly string[], folder: string): boolean {
  const began = statSync(pidFile, { throwIfNoEntry: false })?.mtimeMs
  if (began === undefined) return false
  return globSync(files, { cwd: folder }).some((file) => {
    const found = statSync(join(folder, file), { throwIfNoEntry: false })
    return found !== undefined && found.mtimeMs > began
  })
}

export const isSupervisorOlder = ({ layout }: NativeStack): boolean =>
  isOlder(join(layout.run, 'supervisor.pid'), ofSupervisor, root)

/** Replicas with other code than the clone's: begun before it changed, or with a release that is another commit. */
export function otherThanClone({ settings, layout }: NativeStack): string[] {
  const head = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
  return replicaNames(settings.config).filter((name) => {
    const release = releaseOf(layout, name)
    if (release !== root) return !head.startsWith(basename(release))
    return isOlder(join(layout.run, `${name}.pid`), ofReplicas, root)
  })
}
