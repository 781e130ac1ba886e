/** The compose profile: as shut in as the rest, published on loopback, absent without being asked for. */

import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { locate } from '#scripts/engine/binaries.ts'
import { root } from '#scripts/engine/layout.ts'
import { composeServices, monitoringVariables } from '#scripts/monitoring/containers.ts'

interface Service {
  readonly image: string
  readonly profiles?: readonly string[]
  readonly user: string
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly mem_limit: string
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
}

const file = join(root, 'docker-compose.yml')
const text = readFileSync(file, 'utf8')
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> }
const watching = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('monitoring'))

t.test('is what make monitor starts, and nothing else has a profile', async (t) => {
  t.same(watching.map(([name]) => name).sort(), [...composeServices].sort())
  t.equal(Object.values(services).filter(({ profiles }) => profiles !== undefined).length, watching.length)
})

t.test('is hardened as the rest, with images of one version', async (t) => {
  for (const [name, service] of watching) {
    t.match(service.image, /^[\w./-]+:v?\d+\.\d+\.\d+$/, `${name} has a pinned image`)
    t.equal(service.read_only, true, name)
    t.same(service.cap_drop, ['ALL'], name)
    t.same(service.security_opt, ['no-new-privileges:true'], name)
    t.ok(service.mem_limit, name)
    // Docker keeps its logs where only root may list them; without capabilities that is all it may.
    t.match(service.user, name === 'alloy' ? '0:0' : /^[1-9]\d*:\d+$/, name)
    for (const port of service.ports ?? []) t.match(port, /^127\.0\.0\.1:/, `${name} on loopback`)
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./')) t.ok(existsSync(join(root, source)), `${name}: ${source}`)
      if (/^[./$]/.test(source)) t.match(volume, /:ro$/, `${name}: ${source} is read only`)
    }
  }
})

t.test('every variable make monitor sets is one that the file asks for', async (t) => {
  for (const name of Object.keys(monitoringVariables(22_000))) t.ok(text.includes(`\${${name}:-`), name)
})

const compose = locate('docker-compose')
const withoutCompose = compose ? {} : { skip: 'docker-compose is not installed: its own check was not run' }

t.test('docker-compose accepts it with the profile and without', withoutCompose, async (t) => {
  const run = promisify(execFile)
  const names = async (...profile: readonly string[]): Promise<string[]> => {
    const args = ['--file', file, ...profile, 'config', '--services']
    const { stdout } = await run(compose ?? '', args, { env: { PATH: process.env.PATH } })
    return stdout.trim().split('\n').sort()
  }
  const all = await names('--profile', 'monitoring')
  t.same(all, Object.keys(services).sort())
  t.ok((await names()).includes('gateway'))
})
