/** The project's own docker-compose.yml, run beside whatever else runs on this machine. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '#tests/support/ports.ts'
import type { Scope } from '#tests/support/scope.ts'

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

export interface Container {
  readonly Id: string
  readonly Name: string
  readonly Config: {
    readonly User: string
    readonly Healthcheck?: object
    readonly Labels: Readonly<Record<string, string>>
  }
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean
    readonly CapDrop: readonly string[] | null
    readonly CapAdd: readonly string[] | null
    readonly SecurityOpt: readonly string[] | null
    readonly Memory: number
    readonly RestartPolicy: { readonly Name: string }
  }
  readonly State: {
    readonly Status: string
    readonly ExitCode: number
    readonly Health?: { readonly Status: string }
  }
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, ReadonlyArray<{ readonly HostIp: string }> | null>>
  }
}

export interface DockerStack {
  readonly gateway: string
  readonly balancer: string
  /** Runs a compose command on this stack and gives back what it printed. @throws where it ends with an error */
  compose(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>
  /** Every container of the stack, ended ones too, by the name of its service. */
  containers(): Promise<ReadonlyMap<string, Container>>
}

/** How Compose is called here: Compose 2 as the plugin, else docker-compose; undefined where there is none. */
async function composeProgram(): Promise<readonly [string, ...string[]] | undefined> {
  if (await succeeds('docker', ['compose', 'version'])) return ['docker', 'compose']
  return (await succeeds('docker-compose', ['version'])) ? ['docker-compose'] : undefined
}

/** What is missing for a stack in containers, as a reason to skip; undefined where nothing is. */
export async function whatIsMissing(): Promise<string | undefined> {
  if (!(await succeeds('docker', ['info']))) return 'no Docker engine answers here: containers were not tried'
  if (!(await composeProgram()))
    return 'a Docker engine answers, but Compose is not installed: containers were not tried'
  return undefined
}

/** Describes a stack with a project name, addresses and ports of its own; removes all of it when the test ends. */
export async function dockerStack(t: Scope): Promise<DockerStack> {
  const [program, ...first] = (await composeProgram()) ?? ['docker-compose']
  const [gatewayPort, balancerPort] = await freePorts(2)
  const project = `sluice-test-${process.pid}`
  // In place of somebody's .env, which is about their stack and not about this one.
  const folder = await mkdtemp(join(tmpdir(), `${project}-`))
  const envFile = join(folder, 'env')
  const own = {
    COMPOSE_PROJECT_NAME: project,
    IMAGE_TAG: 'test',
    GATEWAY_PORT: gatewayPort,
    BALANCER_PORT: balancerPort,
    NETWORK_PREFIX: `10.${128 + ((process.pid >> 8) & 63)}.${process.pid & 255}`,
  }
  await writeFile(
    envFile,
    Object.entries(own)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
  )
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env
  const compose: DockerStack['compose'] = async (args, variables = {}) => {
    const env = {
      PATH,
      HOME,
      ...(DOCKER_HOST && { DOCKER_HOST }),
      COMPOSE_PROJECT_NAME: project,
      ...variables,
    }
    const files = ['--env-file', envFile, '--file', join(root, 'docker-compose.yml')]
    const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }
    return (await run(program, [...first, ...files, ...args], options)).stdout
  }
  t.teardown(async () => {
    await compose(['down', '--volumes', '--remove-orphans', '--timeout', '5'])
    await rm(folder, { recursive: true })
  })
  return {
    gateway: `http://127.0.0.1:${gatewayPort}`,
    balancer: `http://127.0.0.1:${balancerPort}`,
    compose,
    containers: async () => {
      const filter = `label=com.docker.compose.project=${project}`
      const ids = (await run('docker', ['ps', '--all', '--quiet', '--filter', filter])).stdout
        .trim()
        .split('\n')
      const found = JSON.parse((await run('docker', ['inspect', ...ids])).stdout) as Container[]
      return new Map(found.map((one) => [one.Config.Labels['com.docker.compose.service'] ?? one.Name, one]))
    },
  }
}

const succeeds = (program: string, args: readonly string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  )
