/** The dashboard's files, made anew when what they are made from has changed. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from './engine-error.ts'
import { root } from './layout.ts'

const files = join(root, 'app', 'dashboard', 'dist')
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
const stamp = join(root, 'node_modules', '.sluice-dashboard-sum')

/** `no-vite`: installed without development packages; the gateway shows its landing page then. */
export type DashboardBuild = 'built' | 'unchanged' | 'no-vite'

/** @throws {EngineError} with Vite's words when it does not build */
export async function buildDashboard(): Promise<DashboardBuild> {
  if (!existsSync(vite)) return 'no-vite'
  const sum = sumOfSources()
  if (existsSync(join(files, 'index.html')) && readStamp() === sum) return 'unchanged'
  // Beside the old one, which is served until the new one is whole.
  const fresh = join(root, 'node_modules', `.sluice-dashboard-${process.pid}`)
  const replaced = `${fresh}-replaced`
  try {
    await runVite(['build', join(root, 'app', 'dashboard'), '--outDir', fresh, '--logLevel', 'warn'])
    if (existsSync(files)) renameSync(files, replaced)
    renameSync(fresh, files)
    writeFileSync(stamp, sum)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(replaced, { recursive: true, force: true })
  }
  return 'built'
}

/** Of everything that goes in, names and contents; the lock file stands for the packages. */
function sumOfSources(): string {
  const sources = globSync('{app/dashboard,app/client}/**', {
    cwd: root,
    exclude: (path) => /(^|\/)(dist|node_modules)$/.test(path),
  }).filter((path) => statSync(join(root, path)).isFile())
  const hash = createHash('sha256')
  for (const path of ['package-lock.json', ...sources.sort()])
    hash.update(`${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

const readStamp = (): string | undefined => (existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined)

function runVite(args: readonly string[]): Promise<void> {
  // React is twice as large, and slow, when NODE_ENV says anything else.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(process.execPath, [vite, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (words += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new EngineError(`the dashboard does not build:\n${words}`)),
    )
  })
}
