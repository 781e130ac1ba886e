/** `make doctor`: what is wrong on this machine, and the exact fix for each. Ends with 1 when something is. */

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findPostgresBinary, locate } from './engine/binaries.ts'
import { composeProgram } from './engine/docker.ts'
import { chosenEngine, reportOf, runningEngine } from './engine/engine.ts'
import { messageOf } from './engine/engine-error.ts'
import { statusOf } from './engine/http.ts'
import { type Layout, layoutOf, makeFolders, root } from './engine/layout.ts'
import { obstacleAt } from './engine/ports.ts'
import { localSettings, type Settings } from './engine/settings.ts'
import type { ProcessReport } from './engine/stack-run.ts'

interface Finding {
  readonly subject: string
  readonly fact: string
  /** What to do; without it all is well. */
  readonly fix?: string
}

const leastFreeBytes = 1024 ** 3

function node(): Finding {
  const fact = process.version
  const [major = 0] = process.versions.node.split('.').map(Number)
  return major >= 24
    ? { subject: 'node', fact }
    : { subject: 'node', fact, fix: 'run it by make, or install Node 24' }
}

function programs(): Finding[] {
  const wanted: [name: string, path: string | undefined][] = [
    ['nginx', locate('nginx')],
    ['redis-server', locate('redis-server')],
    ['postgres', locate('postgres') && findPostgresBinary('postgres')],
  ]
  return wanted.map(([subject, path]) => {
    if (path === undefined) return { subject, fact: 'not installed', fix: 'scripts/bootstrap.sh servers' }
    const { stdout, stderr } = spawnSync(path, [subject === 'nginx' ? '-v' : '--version'], {
      encoding: 'utf8',
    })
    return { subject, fact: `${`${stdout}${stderr}`.trim().split('\n')[0]} (${path})` }
  })
}

const docker = (): Finding => {
  const program = composeProgram()
  return {
    subject: 'docker',
    fact: program === undefined ? 'does not answer: native engine' : program.join(' '),
  }
}

function disk(): Finding {
  const { bavail, bsize } = statfsSync(root)
  const free = bavail * bsize
  const fact = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${root}`
  return free >= leastFreeBytes
    ? { subject: 'disk', fact }
    : { subject: 'disk', fact, fix: 'make room: 1 GiB at least' }
}

function state(layout: Layout): Finding {
  const folder = layout.state
  try {
    makeFolders(layout)
    accessSync(folder, constants.W_OK)
    return { subject: 'state', fact: folder }
  } catch {
    const fix = `sudo chown -R "$(id -un)" ${folder}`
    return { subject: 'state', fact: `${folder} is not ours to write`, fix }
  }
}

function secrets({ secrets: folder }: Layout): Finding[] {
  if (!existsSync(folder)) return [{ subject: 'secrets', fact: 'none yet: the first start makes them' }]
  const names = [
    'server-key',
    'postgres-password',
    'postgres-app-password',
    ...readdirSync(join(folder, 'jwt')).map((name) => join('jwt', name)),
  ]
  if (names.length === 3)
    return [{ subject: 'secrets', fact: 'no signing key', fix: 'make run-local makes one' }]
  return names.map((name) => {
    const file = join(folder, name)
    const subject = `secret ${name}`
    if (!existsSync(file)) {
      // Postgres remembers the old one, which nobody can read out of it; a new one is set at the next start.
      return { subject, fact: 'missing', fix: 'make stop run-local' }
    }
    const isPrivate = (statSync(file).mode & 0o077) === 0
    return isPrivate
      ? { subject, fact: 'present, private' }
      : { subject, fact: 'readable by others', fix: `chmod 600 ${file}` }
  })
}

async function ports({ ports: all }: Layout, running: ReadonlySet<string>): Promise<Finding[]> {
  const [one, two, three] = all.replicas
  const wanted = { gateway: all.gateway, balancer: all.balancer, 'api-1': one, 'api-2': two, 'api-3': three }
  const findings: Finding[] = []
  for (const [name, port] of Object.entries({ ...wanted, postgres: all.postgres })) {
    if (running.has(name)) continue
    const obstacle = await obstacleAt(port)
    const subject = `port ${port}`
    if (obstacle === undefined) findings.push({ subject, fact: `free for ${name}` })
    else findings.push({ subject, fact: obstacle, fix: 'end that, or set PORT_BASE=22000 in .env' })
  }
  return findings
}

async function reachability({ ports: { gateway, balancer } }: Layout): Promise<Finding[]> {
  const questions = [
    ['gateway', gateway, '/gateway-health'],
    ['balancer', balancer, '/lb-health'],
    ['a replica through both', gateway, '/api/v1/status'],
  ] as const
  return Promise.all(
    questions.map(async ([subject, port, path]) => {
      const status = await statusOf({ port, path })
      const fact = `http://127.0.0.1:${port}${path} answers ${status ?? 'nothing'}`
      return status === 200
        ? { subject, fact }
        : { subject, fact, fix: 'make run-local mends it; make logs says more' }
    }),
  )
}

const processes = (reports: readonly ProcessReport[]): Finding[] =>
  reports.map(({ name, state: is, problem }) => ({
    subject: name,
    fact: is,
    ...(is !== 'up' && { fix: problem ?? 'make run-local' }),
  }))

async function examine(settings: Settings): Promise<Finding[]> {
  const layout = layoutOf(settings.config.PORT_BASE)
  const reports = await reportOf(settings)
  const running = new Set(reports.filter(({ pids }) => pids.length > 0).map(({ name }) => name))
  const isNative = (runningEngine(layout)?.engine ?? chosenEngine(settings)) === 'native'
  return [
    node(),
    docker(),
    ...(isNative ? programs() : []),
    disk(),
    state(layout),
    ...(isNative ? secrets(layout) : []),
    ...settings.unknown.map((name) => ({
      subject: name,
      fact: 'in .env, read by nothing',
      fix: 'see .env.example',
    })),
    ...(await ports(layout, running)),
    ...(running.size > 0 ? [...processes(reports), ...(await reachability(layout))] : []),
  ]
}

async function settingsFindings(): Promise<Finding[]> {
  try {
    return await examine(localSettings())
  } catch (error) {
    return [node(), ...programs(), disk(), { subject: 'settings', fact: messageOf(error), fix: 'mend .env' }]
  }
}

const findings = await settingsFindings()
for (const { subject, fact, fix } of findings) {
  console.log(
    `${fix === undefined ? '  ok  ' : '  BAD '} ${subject}: ${fact}${fix === undefined ? '' : `\n         ${fix}`}`,
  )
}
const bad = findings.filter(({ fix }) => fix !== undefined).length
console.log(bad === 0 ? '\nall is well' : `\n${bad} to mend`)
process.exitCode = bad === 0 ? 0 : 1
