/** `make lint`: everything that reads the files and runs none of them. */

import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '#app/load-config.ts'
import { locate } from './engine/binaries.ts'
import { layoutOf, makeFolders, root } from './engine/layout.ts'
import { renderNginx } from './engine/nginx-config.ts'
import { nginxVariables, type Tier } from './engine/nginx-variables.ts'

interface Check {
  readonly name: string
  /** False when something is wrong; what it is has been printed. */
  passes(): boolean
}

const run = (program: string, ...args: readonly string[]): boolean => {
  const path = locate(program)
  if (path === undefined) {
    console.error(`${program} is not installed: scripts/setup-dev.sh`)
    return false
  }
  return spawnSync(path, args, { cwd: root, stdio: 'inherit' }).status === 0
}

/** Whether nginx itself accepts what the templates become. */
function nginxAccepts(tier: Tier): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nginx-'))
  try {
    const layout = layoutOf(0, folder)
    makeFolders(layout)
    const rendered = join(layout.nginx, tier)
    renderNginx(join(root, 'nginx', tier), rendered, nginxVariables(tier, loadConfig({}), layout))
    mkdirSync(join(rendered, 'run'), { recursive: true })
    return run('nginx', '-t', '-q', '-p', rendered, '-c', join(rendered, 'nginx.conf'), '-e', 'stderr')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isShell = (file: string): boolean => /^#!.*\bsh\b/.test(readFileSync(join(root, file), 'utf8'))

const shellScripts = (): string[] => [
  ...globSync('{scripts,deploy,nginx}/**/*.{sh,envsh}', { cwd: root }),
  ...globSync('{.ci,.githooks}/*', { cwd: root }).filter(isShell),
]

const checks: readonly Check[] = [
  { name: 'biome', passes: () => run('biome', 'lint', '--error-on-warnings', '.') },
  { name: 'knip', passes: () => run('knip') },
  { name: 'nginx -t, gateway', passes: () => nginxAccepts('gateway') },
  { name: 'nginx -t, balancer', passes: () => nginxAccepts('balancer') },
  { name: 'shellcheck', passes: () => run('shellcheck', ...shellScripts()) },
]

let failed = 0
for (const { name, passes } of checks) {
  const isClean = passes()
  console.log(`${isClean ? 'ok' : 'not ok'}  ${name}`)
  if (!isClean) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1
