/** `make security`: known vulnerabilities, the lockfile, install scripts, licences, and secrets in tracked files. */

import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './engine/layout.ts'
import { audit } from './security/audit.ts'
import {
  checkInstallScripts,
  checkLicences,
  checkSources,
  type Finding,
  type Lockfile,
} from './security/lockfile.ts'
import { secretsIn } from './security/secrets.ts'

/** Tracked files, and those about to be. A copy without git, as in an image, has nothing to look through. */
function scanSecrets(): Finding {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const files = (listed.status === 0 ? listed.stdout : '').split('\0').filter((file) => file !== '')
  if (files.length === 0) return { problems: [], notes: ['NOT CHECKED: this is no git work tree'] }
  const texts = files.filter((file) => lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile())
  return {
    problems: texts.flatMap((file) => secretsIn(file, readFileSync(join(root, file), 'utf8'))),
    notes: [`${texts.length} files read`],
  }
}

const lockfile: Lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

const checks: readonly [name: string, check: () => Finding][] = [
  ['known vulnerabilities', audit],
  ['package sources', () => checkSources(lockfile)],
  ['install scripts', () => checkInstallScripts(lockfile)],
  ['licences', () => checkLicences(lockfile)],
  ['secrets', scanSecrets],
]

let failed = 0
for (const [name, check] of checks) {
  const { problems, notes } = check()
  if (problems.length > 0) failed++
  const line = [`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`, ...notes].join(': ')
  console.log([line, ...problems.map((problem) => `     ${problem}`)].join('\n'))
}
process.exitCode = failed === 0 ? 0 : 1
